"""pipec compiles a compact YAML description of data pipelines into what workflow engines load."""
