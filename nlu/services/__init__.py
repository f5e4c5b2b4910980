"""Which service a piece of a request means when no word of the catalogue is in it: learnt from how people say it."""
