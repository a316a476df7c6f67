"""Who is told of what is new: by mail, webhook and apprise, of a portal's health and of what readers follow."""
