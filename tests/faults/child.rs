//! Runs one test of this binary in its own process.

use std::process::Command;

/// Runs the ignored test `name` alone. Panics with its output if it fails.
pub fn alone(name: &str) {
    run(Command::new(this()), name);
}

/// Runs the test as root of its own network and mount namespaces, which are destroyed with it. If the machine does not allow that,
/// prints a message and returns false.
pub fn in_namespaces(name: &str, environment: &[(&str, &str)]) -> bool {
    // As root, or as a user mapped to root.
    let Some(options) = [&["--net", "--mount"][..], &["--net", "--mount", "--map-root-user"][..]]
        .into_iter()
        .find(|options| Command::new("unshare").args(*options).arg("true").output().is_ok_and(|o| o.status.success()))
    else {
        eprintln!("{name}: skipped, namespaces are not allowed here");
        return false;
    };
    let mut command = Command::new("unshare");
    command.args(options).arg(this()).envs(environment.iter().copied());
    run(command, name);
    true
}

fn this() -> std::path::PathBuf {
    std::env::current_exe().expect("this test")
}

fn run(mut command: Command, name: &str) {
    let output =
        command.args(["--exact", name, "--ignored", "--test-threads=1", "--nocapture"]).output().expect("started");
    let text = String::from_utf8_lossy(&output.stdout);
    let reported = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}{reported}");
    eprint!("{reported}");
}

/// Runs a system program. Panics with its output if it fails.
pub fn system(program: &str, arguments: &[&str]) {
    let output = Command::new(program).args(arguments).output();
    let output =
        output.unwrap_or_else(|error| panic!("{program}: {error}; scripts/setup installs what the tests need"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Counts of threads and descriptors of this process.
pub fn belongings() -> (usize, usize) {
    let count = |what: &str| std::fs::read_dir(format!("/proc/self/{what}")).expect("proc").count();
    (count("task"), count("fd"))
}

/// Files that are open but deleted.
pub fn deleted_files() -> Vec<String> {
    let descriptors = std::fs::read_dir("/proc/self/fd").expect("proc").flatten();
    let targets = descriptors.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    targets.map(|target| target.display().to_string()).filter(|target| target.ends_with("(deleted)")).collect()
}
