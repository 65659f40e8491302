"""Built tag tables on disk: written whole, published by one pointer, found again; knows no definition and no list."""
