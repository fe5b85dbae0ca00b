//! Broadcast and multicast, in Chinese.

use super::ZhCn;

texts! { Cast for ZhCn;

    // Why a group is refused
    group_not_an_address(text: &str) => "「{text}」不是地址；组播组写作 239.1.1.1%eth0 或 ff02::fb%eth0";
    group_not_multicast(address: &str) => "{address} 不是组播地址（224.0.0.0 至 239.255.255.255，或 ff00::/8）";
    group_bad_interface: "% 后面缺少网络接口名，或网络接口名不对";
    group_unknown_part(text: &str) => "不认识「{text}」；逗号后面只能写 from=来源地址";
    group_bad_source(text: &str) => "来源「{text}」不是同一地址族的单个主机地址";
    ttl_range: "应为 1 到 255 的整数";
    groups_most(most: usize) => "最多加入 {most} 个组播组";
}
