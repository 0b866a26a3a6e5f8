# Needs git, make and a Python of 3.11 or newer. Everything else goes into .venv, this checkout's own virtual environment.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test ci fmt lint types layers rules docs models bench accuracy speed prove-names prove-care prove-formats pages wheel share clean

help: ## この一覧 / this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/'

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 以降が見つかりません。PYTHON=/path/to/python3 を指定してください。" >&2; \
		echo "No Python of 3.11 or newer was found; say PYTHON=/path/to/python3." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "Python の venv 部品がありません（Debian/Ubuntu: apt install python3-venv）。" >&2; \
		echo "This Python lacks venv (Debian, Ubuntu: apt install python3-venv)." >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.made pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@$(BIN)/python -c 'import pathlib, tomllib; print("\n".join(tomllib.loads(pathlib.Path("pyproject.toml").read_text("utf-8"))["dependency-groups"]["dev"]))' > $(VENV)/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(VENV)/dev.txt
	@touch $@

demo: $(VENV)/.installed ## 見本の共有フォルダを検査する / scan the example share
	@$(BIN)/python examples/demo.py

test: $(VENV)/.dev ## テスト / the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

ci: fmtcheck lint types layers rules models docs test ## 提出前の全検査 / everything that must hold

.PHONY: fmtcheck
fmtcheck: $(VENV)/.dev
	$(BIN)/ruff format --check .

fmt: $(VENV)/.dev ## 整形 / format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev ## 静的検査 / lint
	$(BIN)/ruff check .

types: $(VENV)/.dev ## 型 / types
	$(BIN)/mypy --strict scanner benchmarks docs

layers: $(VENV)/.dev ## 層の決まり / layers
	$(BIN)/lint-imports

rules: $(VENV)/.dev ## 検出規則の例 / the rules' own examples
	$(BIN)/tanaoroshi rules test

models: $(VENV)/.dev ## 辞書の検査 / check the gazetteers
	$(BIN)/python -m models.build --check
	$(BIN)/python -m models.kana --check

docs: $(VENV)/.dev ## 文書がコードと結果に合うか / the pages against the code and the kept results
	$(BIN)/python -m docs.pages --check
	$(BIN)/python -m benchmarks.page --check
	$(BIN)/python -m benchmarks.care --check

accuracy: $(VENV)/.dev ## 精度の測定 / measure accuracy
	$(BIN)/python -m benchmarks.accuracy --write

speed: $(VENV)/.dev ## 速度の測定 / measure speed
	$(BIN)/python -m benchmarks.throughput --write

bench: accuracy speed ## 精度と速度を測り README に載せる / measure both, fill the README
	$(BIN)/python -m docs.pages

DATA ?= ../shared/data
PEERS ?= .venv-peers/bin/python

prove-names: $(VENV)/.dev ## 人名・住所の要求をすべて測る / measure all that is demanded of names and addresses
	$(BIN)/python -m benchmarks.prove names --data $(DATA) $(if $(wildcard $(PEERS)),--peers $(PEERS))

prove-care: $(VENV)/.dev ## 要配慮個人情報の要求をすべて測る / measure all that is demanded of special care
	$(BIN)/python -m benchmarks.care

prove-formats: $(VENV)/.dev ## 形式の要求をすべて測る（10分の破壊試験を含む） / measure all that is demanded of formats
	$(BIN)/python -m benchmarks.prove formats --data $(DATA) $(if $(wildcard $(PEERS)),--peers $(PEERS))

pages: $(VENV)/.dev ## 文書の表と図を作り直す / fill the pages and draw the picture anew
	$(BIN)/python -m docs.pages
	$(BIN)/python -m docs.picture

wheel: $(VENV)/.dev ## 配布物 / build the wheel
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

share: $(VENV)/.dev ## 見本の共有フォルダを作り直す / write examples/share anew
	$(BIN)/python examples/make_share.py

clean: ## 作ったものを消す / remove what was built
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
