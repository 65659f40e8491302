"""What c360 itself remembers of lists: who pulled them, whom they held, who was erased; knows files, no workspace and no source."""
