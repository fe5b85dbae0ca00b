//! The counters of a session as values.

/// One reading of a session's counters. At every moment
/// `received = stored + dropped`, in bytes and in records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CounterValues {
    /// Payload bytes read from sockets.
    pub received_bytes: u64,
    /// Reads (TCP) or datagrams (UDP), empty datagrams included.
    pub received_records: u64,
    /// Of these, written to the capture (or gathered for the write that follows within 2 ms).
    pub stored_bytes: u64,
    /// Records of `stored_bytes`.
    pub stored_records: u64,
    /// Read but not stored, because the disk refused them at the end.
    pub dropped_bytes: u64,
    /// Records of `dropped_bytes`.
    pub dropped_records: u64,
    /// Payload bytes that the socket accepted from us.
    pub sent_bytes: u64,
    /// Successful writes.
    pub sent_records: u64,
    /// Datagrams the system says it dropped before we could read them; `None` where it does not say.
    pub kernel_dropped_records: Option<u64>,
    /// Payload bytes stored and later deleted by the size limit.
    pub evicted_bytes: u64,
    /// Records of any kind deleted by the size limit.
    pub evicted_records: u64,
    /// Bytes waiting in send queues.
    pub queued_bytes: u64,
    /// Connected peers (TCP) or known addresses (UDP) now.
    pub peers: u64,
    /// Receive buffer the system granted, in bytes; 0 = not asked.
    pub receive_buffer_bytes: u64,
}
