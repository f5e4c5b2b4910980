"""The commands of `thuisbel`, one module each: HELP, `configure(parser)`, `run(options, settings) -> exit status`."""
