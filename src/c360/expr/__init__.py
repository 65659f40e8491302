"""The expression tree: nodes, operator records, type and grain rules, words, canonical form; knows no engine."""
