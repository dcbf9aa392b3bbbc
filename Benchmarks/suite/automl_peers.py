"""The peers of P12, in an environment of their own: `python -m suite.automl_peers SYSTEM TRAIN TEST TARGET TASK BUDGET SEED THREADS OUTPUT`."""
import json
import logging
import sys
import tempfile
import time
import warnings

import numpy as np
import pandas as pd

METRICS = {"binary": "roc_auc", "multiclass": "log_loss", "regression": "rmse"}


class Work:
    """What a peer is to learn and to predict."""

    def __init__(self, train: str, test: str, target: str, task: str, budget: str, seed: str, threads: str):
        self.target, self.task, self.metric = target, task, METRICS[task]
        self.budget, self.seed, self.threads = float(budget), int(seed), int(threads)
        # Class labels stay the texts that they are in the file.
        kinds = {} if self.regression else {target: str}
        self.table = pd.read_csv(train, dtype=kinds)
        self.features, self.truth = self.table.drop(columns=target), self.table[target]
        self.test = pd.read_csv(test)
        self.begin = 0.0

    @property
    def regression(self) -> bool:
        return self.task == "regression"

    def answer(self, model, test: pd.DataFrame, seconds: float):
        """What a model in the manner of scikit-learn predicts."""
        if self.regression:
            return model.predict(test), [], seconds
        return model.predict_proba(test), [str(name) for name in model.classes_], seconds

    def start(self) -> None:
        """The time of imports before is not counted."""
        self.begin = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self.begin

    def texts(self) -> list[str]:
        return [name for name in self.features if not pd.api.types.is_numeric_dtype(self.features[name]) or self.features[name].dtype == bool]


def flaml(work: Work):
    from flaml import AutoML

    work.start()
    model = AutoML()
    model.fit(
        work.features, work.truth, task="regression" if work.regression else "classification", metric=work.metric, time_budget=work.budget,
        n_jobs=work.threads, seed=work.seed, verbose=0)
    return work.answer(model, work.test, work.seconds())


def autogluon(work: Work):
    from autogluon.tabular import TabularPredictor

    logging.disable(logging.CRITICAL)
    work.start()
    with tempfile.TemporaryDirectory() as folder:
        model = TabularPredictor(work.target, problem_type=work.task, eval_metric=work.metric, path=folder, verbosity=0)
        model.fit(work.table, time_limit=work.budget, presets="medium_quality", num_cpus=work.threads)
        seconds = work.seconds()
        if work.regression:
            return model.predict(work.test).to_numpy(), [], seconds
        shares = model.predict_proba(work.test)
        return shares.to_numpy(), [str(name) for name in shares.columns], seconds


def lightgbm(work: Work):
    """Its defaults; texts are categories."""
    import lightgbm as peer

    work.start()
    features, test = work.features.copy(), work.test.copy()
    for name in work.texts():
        known = pd.CategoricalDtype(sorted(features[name].dropna().astype(str).unique()))
        for part in (features, test):
            part[name] = part[name].astype(str).where(part[name].notna()).astype(known)
    kind = peer.LGBMRegressor if work.regression else peer.LGBMClassifier
    model = kind(n_jobs=work.threads, random_state=work.seed, verbose=-1).fit(features, work.truth)
    return work.answer(model, test, work.seconds())


def pipeline(work: Work, model):
    """Texts as columns of 0 and 1, numbers standardised, empty cells replaced by the median."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    work.start()
    texts = work.texts()
    features, test = work.features.copy(), work.test.copy()
    for name in texts:
        for part in (features, test):
            part[name] = part[name].astype(object).where(part[name].notna(), "missing").astype(str)
    numbers = [name for name in features if name not in texts]
    whole = make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), texts), (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers)),
        model)
    whole.fit(features, work.truth)
    return work.answer(whole, test, work.seconds())


def forest(work: Work):
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestRegressor if work.regression else RandomForestClassifier
    return pipeline(work, kind(200, n_jobs=work.threads, random_state=work.seed))


def linear(work: Work):
    from sklearn.linear_model import LogisticRegression, RidgeCV

    return pipeline(work, RidgeCV(np.logspace(-3, 3, 13)) if work.regression else LogisticRegression(max_iter=2_000))


SYSTEMS = {"flaml": flaml, "autogluon": autogluon, "lightgbm": lightgbm, "forest": forest, "linear": linear}

if __name__ == "__main__":
    if len(sys.argv) != 10 or sys.argv[1] not in SYSTEMS:
        sys.exit(f"usage: python -m suite.automl_peers {'|'.join(SYSTEMS)} TRAIN TEST TARGET TASK BUDGET SEED THREADS OUTPUT")
    warnings.filterwarnings("ignore")
    values, classes, seconds = SYSTEMS[sys.argv[1]](Work(*sys.argv[2:9]))
    np.save(sys.argv[9], np.asarray(values, dtype=np.float64))
    print(json.dumps({"seconds": seconds, "classes": classes}))
