use super::*;

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("listed").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn why(result: &Result<Incoming, TransferError>) -> Option<NameProblem> {
    match result {
        Err(TransferError::Name { why }) => Some(*why),
        _ => None,
    }
}

#[test]
fn a_file_has_its_name_only_when_it_is_complete() {
    let dir = tempfile::tempdir().expect("folder");
    let folder = Folder::open(dir.path(), Overwrite::Never).expect("open");
    let mut incoming = folder.create("a.bin").expect("created");
    incoming.write(b"half").expect("written");
    assert!(!dir.path().join("a.bin").exists() && names(dir.path()).len() == 1);
    drop(incoming);
    assert_eq!(names(dir.path()), [""; 0]);
    let mut incoming = folder.create("a.bin").expect("created");
    incoming.write(b"whole").expect("written");
    let path = incoming.keep().expect("named");
    assert_eq!((std::fs::read(path).expect("read"), names(dir.path())), (b"whole".to_vec(), vec!["a.bin".to_owned()]));
}

#[test]
fn an_existing_file_is_replaced_only_where_asked() {
    let dir = tempfile::tempdir().expect("folder");
    std::fs::write(dir.path().join("a"), "old").expect("written");
    let careful = Folder::open(dir.path(), Overwrite::Never).expect("open");
    assert_eq!(why(&careful.create("a")), Some(NameProblem::Exists));
    let incoming = careful.create("b").expect("created");
    assert_eq!(why(&careful.create("B")), Some(NameProblem::BeingReceived));
    // The name appears while the file arrives.
    std::fs::write(dir.path().join("b"), "other").expect("written");
    assert_eq!(incoming.keep(), Err(NameProblem::Exists.into()));
    assert_eq!(names(dir.path()), ["a", "b"]);
    let replacing = Folder::open(dir.path(), Overwrite::Replace).expect("open");
    let mut incoming = replacing.create("a").expect("created");
    incoming.write(b"new").expect("written");
    assert_eq!(std::fs::read(dir.path().join("a")).expect("read"), b"old");
    incoming.keep().expect("named");
    assert_eq!(std::fs::read(dir.path().join("a")).expect("read"), b"new");
}

#[test]
fn files_below_the_folder_are_found_and_others_are_not() {
    let dir = tempfile::tempdir().expect("folder");
    std::fs::create_dir(dir.path().join("sub")).expect("made");
    std::fs::write(dir.path().join("sub/a"), "abc").expect("written");
    let folder = Folder::open(dir.path(), Overwrite::Never).expect("open");
    assert_eq!(folder.find("sub/a").expect("found").len(), 3);
    assert_eq!(folder.find("sub"), Err(NameProblem::NotAFile.into()));
    for missing in ["b", "sub/b", "none/a", "sub/a/b"] {
        assert_eq!(folder.find(missing), Err(TransferError::NoSuchFile), "{missing}");
    }
    assert_eq!(why(&folder.create("sub")), Some(NameProblem::NotAFile));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_wherever_they_lead_and_whenever_they_appear() {
    use std::os::unix::fs::symlink;
    let outside = tempfile::tempdir().expect("folder");
    std::fs::write(outside.path().join("secret"), "secret").expect("written");
    let dir = tempfile::tempdir().expect("folder");
    std::fs::write(dir.path().join("plain"), "plain").expect("written");
    symlink(outside.path().join("secret"), dir.path().join("file")).expect("linked");
    symlink(outside.path(), dir.path().join("folder")).expect("linked");
    symlink("plain", dir.path().join("inside")).expect("linked");
    symlink(outside.path().join("new"), dir.path().join("dangling")).expect("linked");
    let folder = Folder::open(dir.path(), Overwrite::Replace).expect("open");
    for link in ["file", "folder/secret", "inside", "dangling"] {
        assert_eq!(folder.find(link), Err(NameProblem::Link.into()), "{link}");
    }
    for link in ["file", "inside", "dangling"] {
        assert_eq!(why(&folder.create(link)), Some(NameProblem::Link), "{link}");
    }
    // A link that appears while the file arrives is replaced by nothing.
    let mut incoming = folder.create("later").expect("created");
    incoming.write(b"x").expect("written");
    symlink(outside.path().join("secret"), dir.path().join("later")).expect("linked");
    assert_eq!(incoming.keep(), Err(NameProblem::Link.into()));
    assert_eq!(std::fs::read(outside.path().join("secret")).expect("read"), b"secret");
    assert_eq!(names(outside.path()), ["secret"]);
    // The folder itself is exchanged for a link: the open one stays in use.
    let moved = dir.path().with_extension("moved");
    std::fs::rename(dir.path(), &moved).expect("moved");
    symlink(outside.path(), dir.path()).expect("linked");
    assert_eq!(folder.find("secret"), Err(TransferError::NoSuchFile));
    std::fs::remove_file(dir.path()).expect("removed");
    std::fs::rename(&moved, dir.path()).expect("moved back");
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_is_refused_at_once() {
    let dir = tempfile::tempdir().expect("folder");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, dir.path().join("pipe"), rustix::fs::FileType::Fifo, mode, 0).expect("pipe");
    let folder = Folder::open(dir.path(), Overwrite::Replace).expect("open");
    assert_eq!(folder.find("pipe"), Err(NameProblem::NotAFile.into()));
    assert_eq!(why(&folder.create("pipe")), Some(NameProblem::NotAFile));
}

#[test]
fn of_many_transfers_of_one_name_at_once_one_succeeds() {
    for threads in [1, 2, 4, 8, 16] {
        let dir = tempfile::tempdir().expect("folder");
        let folder = Folder::open(dir.path(), Overwrite::Never).expect("open");
        let (done, results) = crossbeam_channel::bounded(threads);
        for number in 0..threads {
            let (folder, done) = (folder.clone(), done.clone());
            crate::jobs::thread::spawn_named(format!("transfer {number}"), move || {
                for round in 0..50 {
                    let kept = folder.create(&format!("file {round}")).is_ok_and(|mut incoming| {
                        incoming.write(format!("{number}").as_bytes()).expect("written");
                        incoming.keep().is_ok()
                    });
                    done.send((round, kept)).expect("received");
                }
            })
            .expect("a thread");
        }
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
        let mut kept = [0; 50];
        for _ in 0..threads * 50 {
            let (round, is_kept) = results.recv_deadline(deadline).expect("in time");
            kept[round] += usize::from(is_kept);
        }
        assert_eq!(kept, [1; 50], "{threads} threads");
        assert_eq!(names(dir.path()).len(), 50, "nothing unfinished is left");
    }
}
