//! Counters of a session.

/// A snapshot of a session's counters. At any time `received = stored + dropped`, in bytes and in records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CounterValues {
    /// Payload bytes read from sockets.
    pub received_bytes: u64,
    /// Reads (TCP) or datagrams (UDP), empty datagrams included.
    pub received_records: u64,
    /// Received bytes written to the capture, or buffered for the write within the next 2 ms.
    pub stored_bytes: u64,
    /// Received records stored likewise.
    pub stored_records: u64,
    /// Received bytes that could not be stored before the end.
    pub dropped_bytes: u64,
    /// Received records that could not be stored before the end.
    pub dropped_records: u64,
    /// Payload bytes accepted by the sockets.
    pub sent_bytes: u64,
    /// Count of successful writes.
    pub sent_records: u64,
    /// Datagrams that the system dropped before they could be read; `None` if it does not report them.
    pub kernel_dropped_records: Option<u64>,
    /// Payload bytes stored and later deleted by the size limit.
    pub evicted_bytes: u64,
    /// Records of any kind deleted by the size limit.
    pub evicted_records: u64,
    /// Bytes waiting in send queues.
    pub queued_bytes: u64,
    /// Connected peers (TCP) or known addresses (UDP).
    pub peers: u64,
    /// Receive buffer granted by the system, in bytes; 0 if not queried.
    pub receive_buffer_bytes: u64,
}
