"""What becomes of an atlas's records: the map, the wrong cells, the conventions side by side."""
