"""What all families of models share: configuration, pictures, optimisers, training, checkpoints, files."""
