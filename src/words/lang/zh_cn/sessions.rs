//! Sessions in the window: their state, sends, stored captures and settings, in Chinese.

use super::ZhCn;
use crate::model::Operation;
use crate::words::{grouped, size};

texts! { Sessions for ZhCn;

    // State
    listening: "正在监听";
    connected: "已连接";
    open: "已打开";
    state_for(state: &str, time: &str) => "{state}，已运行 {time}";
    looking_up: "正在解析主机名…";
    connecting: "正在连接…";
    closing: "正在关闭…";
    ready: "就绪";
    closed_because(reason: &str) => "已关闭：{reason}";
    failed_because(operation: Operation, cause: &str) -> String {
        let failed = match operation {
            Operation::Listen => "监听失败",
            Operation::Bind => "打开失败",
            Operation::Connect => "连接失败",
            Operation::Resolve => "解析失败",
            _ => "出错",
        };
        format!("{failed}：{cause}")
    }
    listening_on(local: &str) => "正在监听 {local}";
    local_end(local: &str) => "本地 {local}";
    open_on(local: &str) => "已打开，本地 {local}";
    others_connect_to(at: &str) => "其他设备可连接 {at}";
    others_send_to(at: &str) => "其他设备可发到 {at}";
    reconnect: "自动重连";
    first_wait() -> (&'static str, &'static str) {
        ("首次 (秒)", "首次等待（秒）")
    }
    longest_wait() -> (&'static str, &'static str) {
        ("最长 (秒)", "最长等待（秒）")
    }
    as_first_wait: "与首次相同";
    reconnect_tries() -> (&'static str, &'static str) {
        ("次数", "重连次数")
    }
    no_limit: "不限";
    seconds_of_wait: "请输入 0.1–86400 的秒数";
    below_first_wait: "不能小于首次等待";
    reconnect_every(wait: &str) => "自动重连 每 {wait}";
    reconnect_between(first: &str, longest: &str) => "自动重连 {first} 至 {longest}";
    reconnects_in(time: &str, number: u32, of: Option<u32>) => "{time}后重连（{}）", super::events::try_of(number, of);
    reconnects_in_short(time: &str, number: &str) => "{time}后重连 · {number}";
    connection_lost: "连接已断开";
    use_port(port: u16) => "改用 {port}";

    // Tabs and the page of a new one
    session_closed(title: &str) => "已关闭 {title}";
    listens_again(peers: u64) => "重新监听，之前的 {} 个连接已断开", grouped(peers);
    needs_port(host: &str) => "请在地址后加上端口，例如 {host}:5025";
    connect_port_zero: "要连接的端口应为 1–65535";
    open_recent(name: &str, kind: &str, at: &str) -> String {
        let own = format!("{kind} {at}");
        if name == own { format!("打开 {own}") } else { format!("打开 {name} {own}") }
    }
    pin(name: &str) => "固定 {name}";
    more_about(name: &str) => "更多：{name}";
    recent_removed(name: &str) => "已从列表中移除 {name}";
    pins_full(most: usize) => "最多固定 {most} 个连接";
    all_of(count: usize) => "全部 {count}";
    open_stored(short: &str) => "打开捕获 {short}";
    yesterday: "昨天";
    weekday(day: u8) -> &'static str {
        ["周一", "周二", "周三", "周四", "周五", "周六", "周日"].get(usize::from(day)).copied().unwrap_or_default()
    }
    port_used_by(port: u16, name: &str, pid: u32) => "{port} 被 {name} (pid {pid}) 占用";
    port_used_here(port: u16) => "{port} 被本程序的另一个会话占用";
    peer_disconnected(at: &str) => "已断开 {at}，对端可以重新连接";
    cleared_now: "已清除显示";
    draft_replaced: "已替换发送框的内容";
    device_fills(address: &str, port: u16) => "设备端填写 {address} 和端口 {port}";
    device_fills_later(address: &str) => "设备端填写 {address}，端口由系统分配，打开后显示";
    wrong_local(why: &str) => "本地地址有误：{why}";

    // Peers
    all_peers(count: u64) => "全部对端 ({})", grouped(count);
    peer_gone(number: u32) => "#{number} 已断开";
    peer_counts(received: u64, sent: u64) => "接收 {}，发送 {}", size(received), size(sent);
    peer_waiting(bytes: u64) => "，待发 {}", size(bytes);
    peer_heard(ago: &str) => "{}前收到数据", ago;
    peer_rate(bytes: u64) => "{}/s", size(bytes);
    chosen_peers(count: u64) => "选中的 {} 个", grouped(count);

    // Sending
    rounds(count: u64) => "已发送 {} 次", grouped(count);
    still_repeating(head: &str, bytes: u64) => "循环仍在发送 {head}（{} 字节）", grouped(bytes);
    pasted(bytes: u64) => "粘贴的内容，{}", size(bytes);
    unparsed(escapes: &str) => "含 {escapes}，未解析";
    parse_escapes: "解析";
    odd_digit(digit: char) => "单个数字 {digit} 按 0{digit} 发送";

    // Stored captures
    capture_detail(time: &str, records: u64, peers: u64, bytes: u64, disk_bytes: u64) -> String {
        let (records, peers, size, disk) = (grouped(records), grouped(peers), size(bytes), size(disk_bytes));
        format!("{time} · {records} 条记录 · {peers} 个对端 · {size}（磁盘 {disk}）")
    }
    capture_evicted(bytes: u64) => " · 已淘汰 {}", size(bytes);
    captures_total(count: u64, bytes: u64, disk_bytes: u64) => "共 {} 个捕获记录 · {}（磁盘 {}）", grouped(count), size(bytes), size(disk_bytes);
    captures_kept: "捕获记录一直保留，直到在这里删除";
    captures_kept_for(days: u32) => "最后一条记录超过 {days} 天的捕获记录，在程序启动时删除";
    delete_captures(count: u64, bytes: u64) => "确认删除 {} 个（{}）", grouped(count), size(bytes);

    // Settings, and the window itself
    settings_damaged: "设置文件已损坏，已使用默认设置";
    settings_newer(version: u32) => "设置文件来自更新的版本（{version}），已使用默认设置";
    settings_kept(path: &str) => "原文件保留为 {path}";
    settings_unknown(count: usize) => "有 {count} 项设置此版本不认识，已改用默认值，其余不变";
    settings_unknown_more(count: usize) => "；另有 {count} 项";
    settings_copied(path: &str) => "。原文件另存为 {path}";
    no_window(_reason: &str) => "无法打开窗口：没有可用的显示（例如未设置 DISPLAY 或 WAYLAND_DISPLAY）。请在图形桌面中运行，或用 scripts/run --demo 在虚拟显示中运行；命令行功能见 wirebench --help。";
    no_renderer: "无法打开窗口：Direct3D 12 和 OpenGL 均不可用。请更新显卡驱动程序；命令行功能不需要显卡，见 wirebench-cli --help。";
    command_line_elsewhere: "wirebench.exe 只有窗口。命令行请用同一文件夹中的 wirebench-cli.exe（见 wirebench-cli --help）。";
    window_elsewhere: "本程序没有窗口：请启动 wirebench.exe，或使用 listen、connect 或 captures（见 --help）";
    built_without_window: "本程序编译时未包含窗口，请使用 listen、connect 或 captures（见 --help）";
}
