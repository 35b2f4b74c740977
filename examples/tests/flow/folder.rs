//! Runs the program in a folder of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::atomic::{AtomicU32, Ordering},
};

/// A folder that is removed at the end of the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("flow-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    /// Runs the program on the workflow file and the data of this folder.
    pub(crate) fn flow(&self, workflow: &str, arguments: &[&str]) -> Output {
        flow_in(&self.0, &["--workflow", self.path(workflow).to_str().unwrap()], arguments)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn flow_in(data: &Path, first: &[&str], more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flow"))
        .args(["--data", data.to_str().unwrap()])
        .args(first)
        .args(more)
        .current_dir(data)
        .output()
        .unwrap()
}

/// A workflow file: nodes one after the other, each with its type and parameters.
pub(crate) fn chain(nodes: &[(&str, &str, &str)]) -> String {
    let list: Vec<_> = nodes
        .iter()
        .map(|(name, kind, parameters)| {
            format!(r#"{{"name": "{name}", "type": "{kind}", "parameters": {parameters}}}"#)
        })
        .collect();
    let links: Vec<_> = nodes
        .windows(2)
        .map(|pair| {
            format!(
                r#""{}": {{"main": [[{{"node": "{}", "type": "main", "index": 0}}]]}}"#,
                pair[0].0, pair[1].0
            )
        })
        .collect();
    format!(r#"{{"name": "test", "nodes": [{}], "connections": {{{}}}}}"#, list.join(", "), links.join(", "))
}

/// What the program wrote to standard output, up to the table about memory.
pub(crate) fn result(output: &Output) -> String {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    text.split("\n━━ Memory ━━").next().unwrap().to_owned()
}
