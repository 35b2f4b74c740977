//! Prometheus' formats, read by Prometheus' own parsers. Needs a Python with `prometheus_client`: `NEBULA_REPORT_PYTHON` says where.

use std::{fs, process::Command};

use nebula_memory::stats::{JsonExporter, PrometheusExporter, PrometheusFormat, StatsExporter};

use crate::all_samples;

#[test]
fn prometheus_reads_what_the_json_says() {
    let folder = std::env::temp_dir().join(format!("nebula-memory-prometheus-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    for sample in all_samples() {
        let write = |kind: &str, exporter: &dyn StatsExporter| {
            let file = folder.join(format!("{}.{kind}", sample.name));
            fs::write(file, exporter.export(&sample.now).unwrap()).unwrap();
        };
        write("json", &JsonExporter::new());
        write("txt", &PrometheusExporter::new());
        write("openmetrics", &PrometheusExporter::with_format(PrometheusFormat::OpenMetrics));
    }
    let python = std::env::var_os("NEBULA_REPORT_PYTHON").unwrap_or_else(|| "python3".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/report/prometheus.py");
    let output = Command::new(python).arg(script).arg(&folder).output().expect("Python");
    let _ = fs::remove_dir_all(&folder);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
