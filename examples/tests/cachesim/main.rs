//! `cachesim` as its users run it.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use flate2::{Compression, write::GzEncoder};

fn cachesim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cachesim")).args(arguments).output().expect("it can be run")
}

/// A folder of a test's own, gone at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cachesim-{test}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }

    fn file(&self, name: &str, text: &str) -> String {
        std::fs::write(self.0.join(name), text).expect("a file");
        self.path(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// The cells of the line of a policy.
fn cells(text: &str, policy: &str) -> Vec<String> {
    let line = text
        .lines()
        .find(|line| line.contains(&format!(" {policy} ")))
        .unwrap_or_else(|| panic!("{policy} in {text}"));
    line.split(['│', '┆'])
        .map(|cell| cell.trim().to_owned())
        .filter(|cell| !cell.is_empty())
        .skip(1)
        .collect()
}

#[test]
fn the_shipped_trace() {
    let folder = Folder::new("shipped");
    let svg = folder.path("curves.svg");
    let text = text(&cachesim(&["--sizes", "1%,1000", "--svg", &svg]));
    assert!(text.starts_with("c2k-web07: 76118 requests for 20484 keys"), "{text}");
    assert_eq!(cells(&text, "policy"), ["205", "1\u{202F}000"]);
    let best: Vec<f64> = cells(&text, "optimal").iter().map(|cell| cell.parse().expect("a number")).collect();
    for policy in nebula_memory::cache::sim::POLICIES {
        let found: Vec<f64> =
            cells(&text, policy).iter().map(|cell| cell.parse().expect("a number")).collect();
        assert!(found.iter().zip(&best).all(|(found, best)| found > &1.0 && found <= best), "{policy}");
    }
    let picture = std::fs::read_to_string(svg).expect("a picture");
    let curves = picture.matches("<polyline").count();
    assert_eq!(curves, nebula_memory::cache::sim::POLICIES.len() + 1);
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
}

#[test]
fn plain_and_compressed_lines_and_columns() {
    let folder = Folder::new("formats");
    let keys = (0..300).map(|turn| turn % 10);
    let line = |key: u32| format!("{key} 7\n");
    let lines: String = keys.clone().map(line).collect();
    let columns: String =
        ["time,key,size\n".to_owned()].into_iter().chain(keys.map(|key| format!("0,{key},7\n"))).collect();
    let compress = |name: &str, text: &str| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).expect("memory");
        std::fs::write(folder.path(name), encoder.finish().expect("memory")).expect("a file");
        folder.path(name)
    };
    let files = [
        folder.file("plain.txt", &lines),
        compress("plain.txt.gz", &lines),
        folder.file("columns.CSV", &columns),
        compress("columns.csv.gz", &columns),
    ];
    for file in &files {
        // Room for all ten: all but their first requests are hits.
        for arguments in [
            &["--sizes", "10", "--policies", "lru"][..],
            &["--sizes", "70", "--policies", "lru", "--weighted"],
        ] {
            let text = text(&cachesim(&[&[file.as_str()], arguments].concat()));
            assert_eq!(
                (cells(&text, "lru"), cells(&text, "optimal")),
                (vec!["96.67".into()], vec!["96.67".into()]),
                "{file}"
            );
        }
    }
    let tabs = folder.file("tabs.txt", "a\tx\nb\tx\na\tx\n");
    let text = text(&cachesim(&[
        &tabs,
        "--key-column",
        "1",
        "--size-column",
        "0",
        "--delimiter",
        "\t",
        "--sizes",
        "100%",
    ]));
    assert!(text.starts_with("tabs: 3 requests for 2 keys"), "{text}");
}

#[test]
fn a_pipe_is_a_trace() {
    let text = "a\nb\na\n";
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory");
    for input in [text.as_bytes(), &encoder.finish().expect("memory")] {
        let output = piped(&["-", "--sizes", "2", "--policies", "lru"], input);
        assert!(output.starts_with("stdin: 3 requests for 2 keys"), "{output}");
        assert_eq!(cells(&output, "lru"), ["33.33"]);
    }
}

/// What it prints of what comes through a pipe, a byte at a time.
fn piped(arguments: &[&str], input: &[u8]) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cachesim"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it can be run");
    let mut pipe = child.stdin.take().expect("a pipe");
    for byte in input.chunks(1) {
        pipe.write_all(byte).expect("it reads");
    }
    drop(pipe);
    text(&child.wait_with_output().expect("it ends"))
}

#[test]
fn policies_with_settings() {
    let folder = Folder::new("settings");
    let line = |turn: u32| format!("{}\n", turn * turn % 101);
    let file = folder.file("trace.txt", &(0..2000).map(line).collect::<String>());
    let found = |policies: &str| text(&cachesim(&[&file, "--sizes", "10", "--policies", policies]));
    let told = found("wtinylfu:0,wtinylfu:90,lru");
    assert_ne!(cells(&told, "wtinylfu:0"), cells(&told, "wtinylfu:90"), "{told}");
    assert_eq!(cells(&told, "lru"), cells(&found("lru"), "lru"));
    assert_eq!(cells(&found("random:7"), "random:7"), cells(&found("fifo,random:7"), "random:7"));
}

#[test]
fn several_traces_have_a_picture_each() {
    let folder = Folder::new("several");
    let (one, other) = (folder.file("one.txt", "1\n2\n1\n"), folder.file("other.txt", "1\n1\n"));
    text(&cachesim(&[&one, &other, "--sizes", "1", "--svg", &folder.path("all.svg")]));
    assert!(
        Path::new(&folder.path("all-one.svg")).exists() && Path::new(&folder.path("all-other.svg")).exists()
    );
    // Of the same name, in another folder, or once more.
    let picture = folder.path("same.svg");
    let output = text(&cachesim(&[&one, &one, &one, "--sizes", "1", "--policies", "lru", "--svg", &picture]));
    let titles: Vec<_> =
        output.lines().filter_map(|line| line.split_once(": ")).map(|(name, _)| name).collect();
    assert_eq!(titles, ["one", "one-2", "one-3"]);
    assert!(titles.iter().all(|name| Path::new(&folder.path(&format!("same-{name}.svg"))).exists()));
}

#[test]
fn marks_of_editors_are_no_part_of_keys() {
    let folder = Folder::new("marks");
    for (name, content) in
        [("lines.txt", "\u{FEFF}a\r\nb\r\na\r\n"), ("columns.csv", "\u{FEFF}1,a,1\r\n2,a,1\r\n")]
    {
        let found = text(&cachesim(&[&folder.file(name, content), "--sizes", "2", "--policies", "lru"]));
        let requests = content.lines().count();
        assert!(found.contains(&format!("{requests} requests for {} keys", requests - 1)), "{found}");
    }
}

#[test]
fn names_are_text_in_pictures() {
    let folder = Folder::new("names");
    let (trace, svg) = (folder.file("<a> & \"b\".txt", "1\n2\n1\n"), folder.path("x.svg"));
    text(&cachesim(&[&trace, "--sizes", "1", "--svg", &svg]));
    let picture = std::fs::read_to_string(svg).expect("a picture");
    assert!(picture.contains("&lt;a&gt; &amp; ") && !picture.contains("<a>"), "{picture}");
}

#[test]
fn what_is_wrong_is_said() {
    let folder = Folder::new("wrong");
    let (empty, bad) = (folder.file("empty.txt", "# nothing\n"), folder.file("bad.txt", "1 2\n3 x\n"));
    let small = folder.file("small.txt", "1\n2\n");
    for (arguments, says) in [
        (&["/no/such/file"][..], "cannot read /no/such/file: No such file"),
        (&[empty.as_str()], "empty.txt has no requests"),
        (&[bad.as_str()], "bad.txt, line 2: the weight is not a number of 0 or more"),
        (
            &[small.as_str(), "--sizes", "1%"],
            "small.txt has 2 keys: every size asked for is less than one entry",
        ),
        (&["-"], "- has no requests"),
        (&["--policies", "best"], "there is no policy `best`; there are "),
        (&["--policies", "lru,wtinylfu:101"], "the window of `wtinylfu` is 0 to 100 percent, not `101`"),
        (&["--sizes", "5 apples"], "`5 apples` is no size: say 1000, 64k, 1.5G or 2.5%"),
        (&["--by-weight"], "--weighted"),
        (&["--key-column", "0"], "columns are counted from 1"),
        (
            &[small.as_str(), "--sizes", "1", "--svg", "/no/such/folder/x.svg"],
            "cannot write /no/such/folder/x.svg",
        ),
    ] {
        let output = cachesim(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(says), "{error}");
        assert!(!error.contains("panicked"), "{error}");
    }
}
