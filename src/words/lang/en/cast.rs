//! Broadcast and multicast, in English.

use super::En;

texts! { Cast for En;

    // Why a group is refused
    group_not_an_address(text: &str) => "\"{text}\" is not an address; a group is written 239.1.1.1%eth0 or ff02::fb%eth0";
    group_not_multicast(address: &str) => "{address} is not a multicast address (224.0.0.0 to 239.255.255.255, or ff00::/8)";
    group_bad_interface: "the name of the interface after % is missing or wrong";
    group_unknown_part(text: &str) => "\"{text}\" is unknown; only from=SOURCE can follow the comma";
    group_bad_source(text: &str) => "the source \"{text}\" is not the address of one host of the same address family";
    ttl_range: "must be a whole number from 1 to 255";
    groups_most(most: usize) => "at most {most} groups can be joined";
}
