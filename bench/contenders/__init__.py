"""One module for each way to write the workload.

Each has a NAME, FILE_OF_ONE (the file that is parsed when a task of the Dag starts) and
`write(folder, pipelines)`.
"""
