"""The commands of `thuisbel`, one module each: HELP, `configure(parser)` and `run(options, settings) -> exit status`."""
