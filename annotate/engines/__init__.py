"""Where work runs: several processes of this machine, or a Dask cluster.

The room knows nothing of articles: it is given a function and jobs, and tells what became of each job. What a job does,
in which order results count, and what is kept of them is the business of `annotate.workflow`.
"""
