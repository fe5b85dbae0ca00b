//! The causes of failures in words.

use super::system_code;
use crate::model::{ErrorKind, NetError, Operation};

/// A cause in words, in full and short.
pub(super) struct Cause {
    pub zh: &'static str,
    pub zh_short: &'static str,
    pub en: &'static str,
    pub en_short: &'static str,
    /// The error's detail tells more than these words.
    pub needs_detail: bool,
}

impl Cause {
    const fn new(zh: &'static str, zh_short: &'static str, en: &'static str, en_short: &'static str) -> Self {
        Self { zh, zh_short, en, en_short, needs_detail: false }
    }

    const fn with_detail(self) -> Self {
        Self { needs_detail: true, ..self }
    }

    pub(super) fn of(error: &NetError) -> Self {
        match error.kind {
            ErrorKind::Refused => Self::refused(error),
            ErrorKind::Permission => Self::permission(error),
            ErrorKind::NoSuchAddress => Self::no_such_address(error.operation),
            ErrorKind::Timeout => Self::timeout(error.operation),
            // Our own finding, which says which interface.
            ErrorKind::Unreachable if error.code.is_none() => Self::new(
                "本机的网络接口已断开",
                "本机网络接口已断开",
                "the network interface of this machine is disconnected",
                "interface disconnected",
            )
            .with_detail(),
            ErrorKind::File => Self::file(error),
            ErrorKind::DiskFull if error.code.and_then(system_code::name) == Some("EFBIG") => Self::new(
                "文件已达大小上限（ulimit -f 或文件系统的限制）",
                "文件已达大小上限",
                "a file cannot grow further (ulimit -f, or the limit of the file system)",
                "file size limit reached",
            ),
            ErrorKind::TooLong if error.operation == Operation::ReadFile => Self::new(
                "内容超过一个数据报的最大长度 65507 字节，请指定每个数据报的字节数",
                "超过一个数据报的最大长度",
                "it is longer than a datagram can be (65507 bytes): say how many bytes a datagram is to have",
                "longer than a datagram",
            ),
            ErrorKind::TooLong if error.operation == Operation::Receive => Self::new(
                "有的帧太长，或一次到达的帧太多，没有应答",
                "有的帧没有应答",
                "some frames get no answer because they are too long, or because too many came at once",
                "some frames get no answer",
            ),
            ErrorKind::QueueFull if error.operation == Operation::Receive => Self::new(
                "对方没有读取应答，因此暂停接收其数据，待其读取后继续",
                "对方没有读取应答",
                "the peer does not read its answers, so nothing more is read from it until it does",
                "the peer does not read its answers",
            ),
            kind => Self::of_kind(kind),
        }
    }

    /// Of the kinds that mean the same whatever was being done.
    fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::AddressInUse => Self::new(
                "端口已被另一个程序占用",
                "端口已被占用",
                "the port is in use by another program",
                "port in use",
            ),
            ErrorKind::Resolve => Self::new(
                "找不到这个主机名的地址",
                "找不到主机",
                "no address was found for the host name",
                "host not found",
            )
            .with_detail(),
            ErrorKind::Reset => {
                Self::new("连接被对方重置", "连接被重置", "the peer reset the connection", "connection reset")
            }
            ErrorKind::Unreachable => Self::new(
                "没有到该主机或网络的路由，或网络接口未启用",
                "主机不可达",
                "no route to the host or network, or the interface is down",
                "host unreachable",
            ),
            ErrorKind::DiskFull => Self::new("磁盘空间不足", "磁盘空间不足", "the disk is full", "disk full"),
            ErrorKind::CaptureFailed => Self::new(
                "记录文件不可用",
                "记录文件不可用",
                "the files of the capture are not usable",
                "capture not usable",
            )
            .with_detail(),
            ErrorKind::CaptureInUse => Self::new(
                "会话仍在写入这个记录",
                "会话仍在写入",
                "a session is still writing it",
                "still being written",
            ),
            ErrorKind::InsideCapture => Self::new(
                "它属于一个捕获，写入会损坏该捕获",
                "属于一个捕获，不能写入",
                "it belongs to a capture, and writing there would damage that",
                "it belongs to a capture",
            ),
            ErrorKind::NotACapture => Self::new(
                "文件夹不是本程序的捕获，或含有其他文件",
                "不是捕获",
                "the folder is not a capture of this program, or it holds other files",
                "not a capture",
            )
            .with_detail(),
            ErrorKind::TooManyOpenFiles => Self::new(
                "打开的连接和文件已达系统上限（ulimit -n）",
                "连接数已达上限",
                "the system's limit of open connections and files (ulimit -n) is reached",
                "too many open connections",
            ),
            ErrorKind::QueueFull => Self::new(
                "发送队列已满，对方没有及时读取",
                "发送队列已满",
                "the send queue is full because the peer does not read",
                "send queue full",
            ),
            ErrorKind::TooLong => Self::new(
                "内容超过一个数据报的最大长度",
                "超过数据报长度",
                "the payload is longer than a datagram can be",
                "too long for a datagram",
            ),
            ErrorKind::NoPeer => {
                Self::new("没有可以发送到的对象", "没有发送对象", "there is nobody to send to", "nobody to send to")
            }
            ErrorKind::Closed => Self::new("连接已关闭", "连接已关闭", "the connection is closed", "connection closed"),
            ErrorKind::Cancelled => Self::new("已取消", "已取消", "cancelled", "cancelled"),
            ErrorKind::ZoneMissing => Self::new(
                "链路本地地址后要写网络接口名，例如",
                "缺少网络接口名",
                "a link-local address needs its interface behind it, for example",
                "the interface is missing",
            )
            .with_detail(),
            ErrorKind::NoSuchInterface => Self::new(
                "本机没有这个名称的网络接口，现有",
                "没有这个网络接口",
                "this machine has no interface of that name; it has",
                "no such interface",
            )
            .with_detail(),
            ErrorKind::NotOneHost => Self::new(
                "广播或组播地址不能用于 TCP",
                "广播或组播地址",
                "TCP has no broadcast or multicast addresses",
                "broadcast or multicast",
            ),
            ErrorKind::Invalid => {
                Self::new("设置不适用", "设置不适用", "the settings do not fit", "settings do not fit").with_detail()
            }
            // (All but the last are told by the operation, above.)
            ErrorKind::Refused
            | ErrorKind::Permission
            | ErrorKind::NoSuchAddress
            | ErrorKind::Timeout
            | ErrorKind::File
            | ErrorKind::Other => {
                Self::new("系统报告了错误", "系统错误", "the system reports an error", "system error").with_detail()
            }
        }
    }

    fn no_such_address(operation: Operation) -> Self {
        match operation {
            Operation::Connect | Operation::Send => Self::new(
                "没有可用的本机地址或端口",
                "没有可用的本机地址",
                "no local address or port is available for it",
                "no local address for it",
            ),
            _ => Self::new(
                "本机没有这个地址",
                "本机没有这个地址",
                "this machine has no such address",
                "not an address of this machine",
            ),
        }
    }

    fn timeout(operation: Operation) -> Self {
        match operation {
            Operation::Resolve => {
                Self::new("在时限内没有解析结果", "解析超时", "the look-up did not finish in time", "look-up timed out")
            }
            _ => Self::new("对方在时限内没有应答", "超时", "no answer in time", "timed out"),
        }
    }

    fn refused(error: &NetError) -> Self {
        let by_icmp =
            error.address.starts_with("udp://") || matches!(error.operation, Operation::Receive | Operation::Send);
        if by_icmp {
            Self::new(
                "对方主机答复 ICMP 端口不可达，该端口没有程序接收",
                "对方端口无人接收",
                "the host answered ICMP port unreachable, nothing receives there",
                "nothing receives there",
            )
        } else {
            Self::new(
                "对方拒绝连接，该端口没有程序在监听",
                "对方拒绝连接",
                "the connection was refused, nothing listens on that port",
                "connection refused",
            )
        }
    }

    fn permission(error: &NetError) -> Self {
        match error.operation {
            Operation::Listen | Operation::Bind => {
                let port = error.address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
                if port.is_some_and(|port| (1..1024).contains(&port)) {
                    Self::new(
                        "1024 以下的端口需要管理员权限",
                        "1024 以下的端口需要管理员权限",
                        "ports below 1024 need administrator rights",
                        "needs administrator rights",
                    )
                } else {
                    Self::new(
                        "系统不允许使用这个地址或端口",
                        "系统不允许使用",
                        "the system does not allow this address or port",
                        "not allowed by the system",
                    )
                }
            }
            Operation::ReadFile | Operation::Store | Operation::OpenCapture | Operation::SaveFile => {
                Self::new("没有访问权限", "没有访问权限", "permission denied", "permission denied")
            }
            _ => Self::new(
                "被系统或防火墙禁止",
                "被系统禁止",
                "forbidden by the system or a firewall",
                "forbidden by the system",
            ),
        }
    }

    fn file(error: &NetError) -> Self {
        match error.code.and_then(system_code::name) {
            Some("ENOENT" | "ERROR_FILE_NOT_FOUND" | "ERROR_PATH_NOT_FOUND") => {
                Self::new("文件或文件夹不存在", "文件不存在", "the file or its folder does not exist", "no such file")
            }
            Some("EISDIR") => Self::new(
                "这是一个文件夹，不是文件",
                "是文件夹，不是文件",
                "it is a folder, not a file",
                "is a folder, not a file",
            ),
            Some("EACCES" | "ERROR_ACCESS_DENIED") => {
                Self::new("没有访问权限", "没有访问权限", "permission denied", "permission denied")
            }
            _ => Self::new(
                "文件不可用或已改变",
                "文件不可用",
                "the file is not usable or has changed",
                "file not usable",
            )
            .with_detail(),
        }
    }
}
