"""The public database's file: opening, migrations, and mending of what earlier versions wrote."""
