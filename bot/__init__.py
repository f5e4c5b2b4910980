"""The assembly: settings, command line, brain, gateway, courier, responses and pages."""
