"""Others who vouch: witnesses, whose memories are their own, and timestamp authorities, whose clocks are."""
