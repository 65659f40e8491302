"""Target lists: stages that add up, masked columns, files that appear whole, the manifest beside them."""
