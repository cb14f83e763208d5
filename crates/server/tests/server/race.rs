//! Many redeemers, one winner.

use crate::support::{TestApp, b64};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_two_redeemers_one_wins() {
    let app = TestApp::start().await;
    let partner = app.partner("Ada").await;
    for _ in 0..8 {
        let link = partner.link(json!({})).await;
        let redeemers = (0..32_u8).map(|number| {
            let (nobody, id) = (app.nobody(), link.id.clone());
            tokio::spawn(async move {
                let request = json!({"linkId": id, "claim": b64(number, 32)});
                let reply = nobody.post("/api/validate-secure-link", &request).await;
                (number, reply)
            })
        });
        let mut winners = Vec::new();
        for redeemer in redeemers.collect::<Vec<_>>() {
            let (number, reply) = redeemer.await.unwrap();
            if reply.status == 200 {
                winners.push((number, reply.json));
            } else {
                reply.is_problem(410, "link_used");
            }
        }
        let [(winner, first)] = &winners[..] else {
            panic!("{} winners", winners.len());
        };
        let retry = json!({"linkId": link.id, "claim": b64(*winner, 32)});
        let again = app.nobody().post("/api/validate-secure-link", &retry).await;
        assert_eq!((again.status, &again.json), (200, first));
    }
}
