# Needs python3 (3.11 or newer, with venv) and make. Everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT

.DEFAULT_GOAL := help
.PHONY: attack help run dev test test-sqlite test-postgresql lint format setup requirements screenshots bench-import bench-pages attack-import bench-search fuzz-lists

help:  ## các lệnh
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

run: setup  ## cài đặt, chuẩn bị dữ liệu và chạy cổng ở http://localhost:8000 (đổi cổng: PORT=…)
	@echo "Cổng chạy ở http://localhost:$(PORT) — dừng bằng Ctrl-C"
	@$(BIN)/python manage.py db_worker & worker=$$!; \
	$(BIN)/gunicorn -c portal/gunicorn.py portal.wsgi & server=$$!; \
	trap 'kill $$worker $$server 2>/dev/null' EXIT INT TERM; wait $$server

dev: setup  ## như run, tự nạp lại khi sửa mã
	@export PORTAL_DEBUG=1; $(BIN)/python manage.py db_worker --no-reload & worker=$$!; \
	trap 'kill $$worker 2>/dev/null' EXIT INT TERM; $(BIN)/python manage.py runserver $(PORT)

setup: .venv/run
	@mkdir -p var
	@$(BIN)/python manage.py compile_translations
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py setup
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0

test: test-sqlite test-postgresql  ## mọi kiểm thử, trên SQLite rồi trên PostgreSQL

test-sqlite: .venv/dev
	env -u DATABASE_URL $(BIN)/python -m pytest -n 2

test-postgresql: .venv/dev
	$(BIN)/python -m pytest -n 2 -p tests.private_postgres

lint: .venv/dev  ## kiểm tra mã và khuôn trang
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --check --quiet templates
	$(BIN)/djlint --lint --quiet templates

format: .venv/dev  ## định dạng mã và khuôn trang
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djlint --reformat --quiet templates

requirements: .venv/dev  ## khóa lại các thư viện theo pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade $(PINS) --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade $(PINS) --extra dev --output-file requirements-dev.txt pyproject.toml

screenshots: .venv/dev  ## chụp lại các trang cho README
	$(BIN)/python tools/screenshots.py

bench-import: .venv/bench  ## đo việc nhập bảng tính trên SQLite và PostgreSQL (ROWS=10000)
	PYTHONPATH=.venv/bench env -u DATABASE_URL $(BIN)/python -m tests.benchmarks.bench_import --rows $(ROWS)

ROWS ?= 10000

bench-pages: .venv/dev  ## đo các trang ở 1.000, 10.000 và 100.000 hoạt động trên SQLite và PostgreSQL
	env -u DATABASE_URL $(BIN)/python -m tests.benchmarks.bench_pages

attack-import: .venv/dev  ## 200 lần giết tiến trình giữa lúc ghi, 2.000 tệp hỏng qua biểu mẫu, 50.000 dòng chạy nền
	$(BIN)/python -m tests.benchmarks.kill_import
	$(BIN)/python -m tests.benchmarks.kill_import --postgresql
	$(BIN)/python -m tests.benchmarks.fuzz_upload
	$(BIN)/python -m tests.benchmarks.fuzz_upload --postgresql
	$(BIN)/python -m tests.benchmarks.large_import
	$(BIN)/python -m tests.benchmarks.large_import --postgresql

attack: .venv/dev  ## 1.000 mật khẩu sai từ nhiều luồng, tệp minh chứng độc, hai người cùng lưu một bản ghi
	$(BIN)/python -m tests.benchmarks.attack_login
	$(BIN)/python -m tests.benchmarks.attack_login --postgresql
	$(BIN)/python -m tests.benchmarks.attack_evidence
	$(BIN)/python -m tests.benchmarks.attack_evidence --postgresql
	$(BIN)/python -m tests.benchmarks.two_savers
	$(BIN)/python -m tests.benchmarks.two_savers --postgresql

bench-search: .venv/dev  ## đo tìm kiếm ở 100.000 bản ghi trên SQLite và PostgreSQL (RECORDS=100000)
	env -u DATABASE_URL $(BIN)/python -m tests.benchmarks.bench_search --both --records $(RECORDS)

RECORDS ?= 100000

fuzz-lists: .venv/dev  ## 10.000 địa chỉ lạ vào mọi danh sách, tệp và ô tìm, ở 20.000 hoạt động
	env -u DATABASE_URL $(BIN)/python -m tests.benchmarks.fuzz_lists
	env -u DATABASE_URL $(BIN)/python -m tests.benchmarks.fuzz_lists --postgresql

PINS := --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.venv/run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt .venv/run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# What stock django-import-export reads workbooks with; the portal itself has no use for it.
.venv/bench: .venv/dev
	@$(BIN)/pip install --quiet --disable-pip-version-check --upgrade --target $@ openpyxl==3.1.5
	@touch $@
