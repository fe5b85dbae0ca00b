//! The list of file actions.

use super::transfers::{Cut, State, Transfers, WAITING_MOST};
use crate::engine::SendOutcome;
use crate::model::{ErrorKind, NetError, Operation, PeerId, Target, Ticket};

fn peer(number: u32) -> Vec<Target> {
    vec![Target::Peer(PeerId(number))]
}

fn start(list: &mut Transfers) -> Option<u64> {
    let id = list.next_to_send()?;
    list.row_mut(id)?.state = State::Sending(Ticket(id));
    Some(id)
}

fn ended(result: Result<(), NetError>) -> SendOutcome {
    SendOutcome { sent_bytes: 3, rounds: 1, peers: 1, result, item: None }
}

#[test]
fn files_to_one_peer_go_one_after_the_other_and_others_beside_them() {
    let mut list = Transfers::default();
    for targets in [peer(1), peer(1), peer(2), vec![Target::All], peer(3)] {
        list.add_send("a".into(), targets, Cut::default());
    }
    assert_eq!([start(&mut list), start(&mut list)], [Some(1), Some(3)]);
    assert_eq!(start(&mut list), None, "the third one goes to all, and what follows it must not overtake it");
    list.sent(Ticket(1), &ended(Ok(())));
    assert_eq!(start(&mut list), Some(2));
    list.sent(Ticket(2), &ended(Ok(())));
    list.sent(Ticket(3), &ended(Ok(())));
    assert_eq!([start(&mut list), start(&mut list)], [Some(4), None]);
    assert_eq!(list.active(), 2);
}

#[test]
fn the_list_keeps_what_runs_and_the_last_ended_ones() {
    let mut list = Transfers::default();
    list.add_send("runs".into(), peer(1), Cut::default());
    start(&mut list);
    for number in 0..300 {
        list.add_send(number.to_string().into(), peer(2), Cut::default());
        let id = start(&mut list).expect("its peer is free");
        list.sent(Ticket(id), &ended(Ok(())));
    }
    assert!(list.rows().len() <= 102, "{}", list.rows().len());
    assert_eq!(list.rows()[0].name(), "runs");
    list.clear_ended();
    assert_eq!((list.rows().len(), list.active()), (1, 1));
}

#[test]
fn a_file_that_failed_is_reported_once_and_can_be_sent_again() {
    let mut list = Transfers::default();
    list.add_send("/tmp/gone.bin".into(), peer(1), Cut { udp_chunk: Some(9), ..Cut::default() });
    start(&mut list);
    list.sent(Ticket(1), &ended(Err(NetError::new(Operation::Send, ErrorKind::Closed, "", ""))));
    let failed = list.take_failed();
    assert_eq!((failed.len(), failed[0].0.as_str()), (1, "gone.bin"));
    assert!(list.take_failed().is_empty());
    list.send_again(1);
    assert_eq!(start(&mut list), Some(2));
    assert_eq!(list.rows()[0].cut.udp_chunk, Some(9));
    list.sent(Ticket(2), &ended(Err(NetError::new(Operation::Send, ErrorKind::Cancelled, "", ""))));
    assert!(list.take_failed().is_empty(), "the user knows");
    assert!(list.rows()[0].is_to_send_again());
    list.remove(2);
    assert!(list.rows().is_empty());
}

#[test]
fn so_many_files_can_wait() {
    let mut list = Transfers::default();
    assert_eq!(list.room(), WAITING_MOST);
    list.add_send("a".into(), peer(1), Cut::default());
    assert_eq!(list.room(), WAITING_MOST - 1);
}
