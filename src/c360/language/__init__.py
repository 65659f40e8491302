"""What authors type: expressions, sources, windows, parameters, recipes, definitions; knows no engine and no file."""
