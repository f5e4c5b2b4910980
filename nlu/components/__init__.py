"""The pipeline's components, as Rasa runs them."""
