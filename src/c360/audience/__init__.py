"""Questions about whom a rule finds: sizes now, profiles and comparisons later."""
