"""Work of the peers, each call in a process of its own: `python -m suite.peers COMMAND ...` prints a line of JSON."""
import json
import sys
import time
from pathlib import Path

import numpy as np

from .boosting_inputs import Matrix


class Stopwatch:
    """Wall time and CPU time (user and system) of this process."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.monotonic(), time.process_time()

    def elapsed(self) -> dict:
        return {"wall": time.monotonic() - self.wall, "cpu": time.process_time() - self.cpu}


def less(one: dict, other: dict) -> dict:
    return {key: one[key] - other[key] for key in one}


def duckdb_load(file: str, database: str, threads: str) -> dict:
    """CREATE TABLE AS read_csv and SUMMARIZE on a database file, closing it included in both figures."""
    import duckdb

    watch = Stopwatch()
    session = duckdb.connect(database, config={"threads": int(threads)})
    session.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [file])
    loaded = watch.elapsed()
    session.execute("SUMMARIZE t").fetchall()
    summarized = watch.elapsed()
    session.close()
    whole = watch.elapsed()
    return {"whole": whole, "load": less(whole, less(summarized, loaded))}


def duckdb_load_many(file: str, copies: str, database: str, threads: str) -> dict:
    """The same for a file read several times, as one table."""
    import duckdb

    watch = Stopwatch()
    session = duckdb.connect(database, config={"threads": int(threads)})
    session.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [[file] * int(copies)])
    session.execute("SUMMARIZE t").fetchall()
    session.close()
    return watch.elapsed()


def duckdb_export(database: str, target: str, threads: str) -> dict:
    import duckdb

    session = duckdb.connect(database, read_only=True, config={"threads": int(threads)})
    watch = Stopwatch()
    session.execute(f"COPY t TO '{target}' (HEADER, DELIMITER ',')")
    return watch.elapsed()


def timed_predictions(whole, single, test: np.ndarray, output: str) -> dict:
    watch = Stopwatch()
    predicted = whole(test)
    batch = watch.elapsed()
    np.asarray(predicted, dtype=np.float64).tofile(output)
    singles = min(200, len(test))
    watch = Stopwatch()
    for row in range(singles):
        single(test[row : row + 1])
    return {
        "predict_seconds": batch["wall"], "predict_cpu": batch["cpu"], "single_seconds": watch.elapsed()["wall"] / singles
    }


def lightgbm(train: str, test: str, output: str, threads: str, quantized: str) -> dict:
    import lightgbm as peer

    table = Matrix.read(train)
    settings = {
        "objective": "binary", "num_leaves": 31, "learning_rate": 0.1, "min_data_in_leaf": 20, "num_threads": int(threads), "max_bin": 255,
        "force_row_wise": True, "use_quantized_grad": quantized == "1", "verbose": -1,
    }
    if table.classes > 2:
        settings |= {"objective": "multiclass", "num_class": table.classes}
    watch = Stopwatch()
    data = peer.Dataset(table.values, table.labels, params=settings, categorical_feature=table.categorical, free_raw_data=True)
    model = peer.train(settings, data, num_boost_round=100)
    trained = watch.elapsed()
    predicted = timed_predictions(model.predict, model.predict, Matrix.read(test).values, output)
    return {"seconds": trained["wall"], "cpu": trained["cpu"], **predicted}


def xgboost(train: str, test: str, output: str, threads: str) -> dict:
    import xgboost as peer

    table = Matrix.read(train)
    settings = {
        "objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_leaves": 31, "max_depth": 0,
        "learning_rate": 0.1, "max_bin": 255, "nthread": int(threads),
    }
    if table.classes > 2:
        settings |= {"objective": "multi:softprob", "num_class": table.classes}
    kinds = ["c" if place in table.categorical else "q" for place in range(table.values.shape[1])]
    watch = Stopwatch()
    data = peer.QuantileDMatrix(
        table.values, table.labels, max_bin=255, nthread=int(threads), feature_types=kinds, enable_categorical=bool(table.categorical))
    model = peer.train(settings, data, num_boost_round=100)
    trained = watch.elapsed()
    predicted = timed_predictions(model.inplace_predict, model.inplace_predict, Matrix.read(test).values, output)
    return {"seconds": trained["wall"], "cpu": trained["cpu"], **predicted}


def sklearn_single(train: str, test: str) -> dict:
    """A histogram boosting of scikit-learn with as many trees; training is not compared."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    table = Matrix.read(train)
    model = HistGradientBoostingClassifier(max_iter=100, max_leaf_nodes=31, early_stopping=False)
    model.fit(table.values[:100_000], table.labels[:100_000])
    rows = Matrix.read(test).values
    singles = min(200, len(rows))
    watch = Stopwatch()
    for row in range(singles):
        model.predict_proba(rows[row : row + 1])
    return {"single_seconds": watch.elapsed()["wall"] / singles}


COMMANDS = {
    "duckdb-load": duckdb_load, "duckdb-load-many": duckdb_load_many, "duckdb-export": duckdb_export, "lightgbm": lightgbm, "xgboost": xgboost,
    "sklearn-single": sklearn_single,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(f"usage: python -m suite.peers {'|'.join(COMMANDS)} ... ({Path(__file__).name})")
    print(json.dumps(COMMANDS[sys.argv[1]](*sys.argv[2:])))
