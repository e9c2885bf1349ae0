# The steps of .ci/test one by one, and the checks that need a tool a fresh machine lacks. `just --list` shows them.

# Everything the build server judges.
all:
    bash .ci/test

# The bridge with its fakes and a sample application.
demo *arguments:
    bash .ci/demo {{ arguments }}

fmt:
    cargo fmt

lint:
    cargo clippy --locked --all-targets -- --deny warnings

# The program as a live site may want it: without fakes, and with one judge.
hardened-lint:
    cargo clippy --locked --no-default-features --lib --bins -- --deny warnings

docs:
    RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps --document-private-items

# Some tests by name: `just test sp_16`.
test *names:
    cargo test --locked {{ names }}

# The same with cargo-nextest, where it is installed.
quick *names:
    cargo nextest run --locked {{ names }}

# Ratios to a reference measured in the same run.
bench:
    cargo bench --locked

# Advisories, licences, sources; wants cargo-deny.
deny:
    cargo deny --config .deny.toml check

# Files that have grown past 250 lines and deserve a second look.
long:
    git ls-files 'src/*.rs' 'tests/*.rs' | xargs wc -l | awk '$2 != "total" && $1 > 250' | sort -rn
