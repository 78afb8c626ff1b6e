"""Join the guard's export with the tables of img2dataset, and say which samples must not be used.

    foretaste export --format parquet --out verdicts.parquet
    python img2dataset_join.py verdicts.parquet OUTPUT_FOLDER withheld.parquet

img2dataset must have run with --compute_hash sha256. A sample is kept only where the guard's last word about exactly its
bytes is to pass them; what the guard never saw is withheld too, with the verdict `none`.
"""

import glob
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

verdicts_file, folder, out = sys.argv[1:4]
verdicts = pq.read_table(verdicts_file, columns=["url", "sha256", "verdict", "action", "id"]).to_pylist()
last = {(row["url"], row["sha256"]): row for row in verdicts}

withheld = []
samples = 0
for file in sorted(glob.glob(os.path.join(folder, "*.parquet"))):
    for sample in pq.read_table(file, columns=["key", "url", "status", "sha256"]).to_pylist():
        if sample["status"] != "success":
            continue
        samples += 1
        verdict = last.get((sample["url"], sample["sha256"]))
        if verdict is None or verdict["action"] != "pass":
            withheld.append(
                {
                    "key": sample["key"],
                    "url": sample["url"],
                    "verdict": verdict["verdict"] if verdict else "none",
                    "id": verdict["id"] if verdict else "",
                }
            )

columns = pa.schema([(name, pa.string()) for name in ("key", "url", "verdict", "id")])
pq.write_table(pa.Table.from_pylist(withheld, schema=columns), out)
print(f"{samples - len(withheld)} of {samples} samples may be used, {len(withheld)} are listed in {out}")
