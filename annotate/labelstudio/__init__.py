"""Label Studio: the labelling page, documents as tasks, labels as attributions, and the server that holds them."""
