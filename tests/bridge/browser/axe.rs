//! axe-core, run inside the page: every rule of WCAG 2.2 A and AA, and its best practice.

use std::fs;

use fantoccini::Client;
use serde_json::Value;

/// Where `.ci/fetch-axe` puts it.
const AXE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/target/npm/axe/node_modules/axe-core/axe.min.js"
);

const RUN: &str = "
    const done = arguments[arguments.length - 1];
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then(
        result => done({ violations: result.violations, passes: result.passes.length }),
        error => done({ error: String(error) }),
    );
";

/// What it holds against the page, one line for each element.
pub(super) async fn judge(client: &Client) -> Vec<String> {
    let axe = fs::read_to_string(AXE).expect("axe-core is missing: run `bash .ci/fetch-axe`");
    client.execute(&axe, Vec::new()).await.expect("axe-core loads");
    let result = client
        .execute_async(RUN, Vec::new())
        .await
        .expect("axe-core runs");
    let passes = result.get("passes").and_then(Value::as_u64);
    assert!(passes > Some(5), "axe-core judged nothing: {result}");
    let violations = result
        .get("violations")
        .and_then(Value::as_array)
        .expect("a list");
    violations.iter().flat_map(lines).collect()
}

fn lines(violation: &Value) -> Vec<String> {
    let said = |of: &Value, what: &str| of.get(what).map(Value::to_string).unwrap_or_default();
    let nodes = violation.get("nodes").and_then(Value::as_array).expect("a list");
    nodes
        .iter()
        .map(|node| {
            format!(
                "{}: {} {}",
                said(violation, "id"),
                said(node, "html"),
                said(node, "failureSummary")
            )
        })
        .collect()
}
