"""Reports: notebooks run as self-contained pages, datasheets, tables, charts and print."""
