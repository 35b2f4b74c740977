//! What is told where there is no server. Needs none.

use std::process::Command;

#[test]
fn without_a_server_the_program_says_how_to_get_one() {
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_connections")).env("PATH", empty.path()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("error: there is no `redis-server` on the PATH"), "{told}");
    assert!(told.contains("apt-get install redis-server"), "{told}");
}
