//! Transfers of talk files beside the same Python programs.

use super::*;

#[test]
fn a_talk_file_fetches_from_and_uploads_to_python_servers() {
    let bench = Bench::new();
    let (theirs, ours) = (folder(&bench, "theirs"), folder(&bench, "ours"));
    fs::write(theirs.join("big.bin"), content(1 << 20)).expect("written");
    bench.file("up.bin", content(300_000));
    let mut serves = python(DOWNLOAD_SERVER, &[shown(&theirs), "utf-8"]);
    let mut takes = python(PUT_SERVER, &[shown(&theirs), "md5", "1"]);
    let (from, to) = (serves.first_line(), takes.first_line());
    let source = format!(
        "session a connect tcp://{from}\nsession b connect tcp://{to}\nstep \"get\"\nget a: \"big.bin\"\n\
         step \"put\"\nput b: \"up.bin\"\nstep \"missing\"\nget a: \"none\"\n"
    );
    let file = bench.file("transfer.talk", source);
    let run = bench.json(&["run", shown(&file), "--receive-files", shown(&ours)]).end().exits(1);
    let verdicts: Vec<String> = run.all("step").iter().map(|step| step["verdict"].to_string()).collect();
    assert_eq!(verdicts, ["\"passed\"", "\"passed\"", "\"failed\""], "{run:?}");
    assert!(fs::read(ours.join("big.bin")).expect("there") == content(1 << 20));
    assert!(fs::read(theirs.join("up.bin")).expect("there") == content(300_000));
    takes.end().exits(0);
    serves.kill();
    // Without the option nothing is stored, and the file says so before anything opens.
    let ended = bench.ran(&["run", "--lang", "en", shown(&file)]).exits(2);
    assert!(ended.stderr.contains("--receive-files"), "{ended:?}");
}

#[test]
fn a_talk_file_serves_and_stores_for_python_clients() {
    let bench = Bench::new();
    let (shared, theirs, ours) = (folder(&bench, "shared"), folder(&bench, "theirs"), folder(&bench, "ours"));
    fs::write(shared.join("big.bin"), content(1 << 20)).expect("written");
    let source = "session listen tcp://127.0.0.1:0\nserve \"shared\"\nreceive \".\"\n";
    let file = bench.file("server.talk", source);
    let mut run = bench.json(&["run", shown(&file), "--receive-files", shown(&ours)]);
    let opened = run.event("opened");
    let at: SocketAddr = opened["local"].as_str().expect("an address").parse().expect("an address");
    let [host, port] = host_and_port(at);
    python(DOWNLOAD_CLIENT, &[&host, &port, shown(&theirs), "big.bin"]).end().exits(0);
    assert!(fs::read(theirs.join("big.bin")).expect("there") == content(1 << 20));
    let up = bench.file("up", content(70_000));
    for (name, form, printed) in [("a", "md5", "OK\n203\n"), ("b", "json", "200\n")] {
        let client = python(PUT_CLIENT, &[&host, &port, shown(&up), name, form]).end().exits(0);
        assert_eq!(String::from_utf8_lossy(&client.stdout).replace('\r', ""), printed, "{name}");
    }
    // A file that nothing verifies is whole once its client is gone.
    assert!(fs::read(ours.join("a")).expect("there") == content(70_000));
    run.kill();
}
