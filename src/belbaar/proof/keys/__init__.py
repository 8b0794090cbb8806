"""Keys: the folder beside a store, retention keys whose deletion erases, rotation, whom to trust, suppression tags."""
