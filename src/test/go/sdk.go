package main

import (
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge-go"
)

const (
	publications = 50
	largeChars   = 60_000
)

var sdkScenarios = []scenario{
	{"connectsAndTalks", connectsAndTalks},
	{"seesWhoIsThereAndWhoComesAndGoes", seesWhoIsThereAndWhoComesAndGoes},
	{"isToldByTheServer", isToldByTheServer},
	{"readsWhatWas", readsWhatWas},
	{"catchesUpOrSaysThatItCannot", catchesUpOrSaysThatItCannot},
	{"getsWhatChanged", getsWhatChanged},
	{"comesBackUnlessToldNotTo", comesBackUnlessToldNotTo},
	{"isToldWhatItMayNot", isToldWhatItMayNot},
	{"renewsItsTokens", renewsItsTokens},
	{"replacesAnExpiredToken", replacesAnExpiredToken},
	{"aWrongTokenIsTheEnd", aWrongTokenIsTheEnd},
}

func connectsAndTalks() {
	news := own("news")
	ada := connected(own("ada"))
	sub := ada.subscribed(news, centrifuge.SubscriptionConfig{})
	api("publish", claims{"channel": news, "data": claims{"text": "Grüße 世界 👩‍🚀"}})
	sub.heard.expect(`{"text":"Grüße 世界 👩‍🚀"} at 1 by nobody`)
	for number := range publications {
		api("publish", claims{"channel": news, "data": number})
	}
	for number := range publications {
		sub.heard.expect(fmt.Sprintf("%d at %d by nobody", number, number+2))
	}
	must(sub.Publish(soon(), []byte(`"mine"`)))
	sub.heard.expect(fmt.Sprintf(`"mine" at %d by %s`, publications+2, ada.user))
	large := `"` + strings.Repeat("x", largeChars) + `"`
	must(sub.Publish(soon(), []byte(large)))
	sub.heard.expect(fmt.Sprintf("%s at %d by %s", large, publications+3, ada.user))
	// Without a token too: the profile is insecure.
	nobody := client("", centrifuge.Config{}).connect()
	other := nobody.subscribed(news, centrifuge.SubscriptionConfig{})
	must(ada.Publish(soon(), news, []byte("1")))
	other.heard.expect(fmt.Sprintf("1 at %d by %s", publications+4, ada.user))
}

func seesWhoIsThereAndWhoComesAndGoes() {
	hall := own("hall:who")
	asks := centrifuge.SubscriptionConfig{JoinLeave: true}
	ada := connected(own("ada"))
	sub := ada.subscribed(hall, asks)
	sub.heard.expect("join " + ada.user)
	bob := connected(own("bob"))
	other := bob.subscribed(hall, centrifuge.SubscriptionConfig{})
	sub.heard.expect("join " + bob.user)
	present := must(sub.Presence(soon())).Clients
	equal(len(present), 2)
	equal(present[bob.id].User, bob.user)
	stats := must(ada.PresenceStats(soon(), hall))
	equal(stats.NumClients, 2)
	equal(stats.NumUsers, 2)
	if err := other.Unsubscribe(); err != nil {
		fail("%v", err)
	}
	other.heard.expect("unsubscribed 0")
	sub.heard.expect("leave " + bob.user)
	equal(len(must(sub.Presence(soon())).Clients), 1)
	other.heard.silent()
}

func isToldByTheServer() {
	ada := connected(own("told"))
	forced := own("forced")
	api("send", claims{"user": ada.user, "data": claims{"for": "you"}})
	ada.heard.expect(`message {"for":"you"}`)
	api("subscribe", claims{"user": ada.user, "channel": forced})
	ada.heard.expect("subscribed " + forced + " false false")
	api("publish", claims{"channel": forced, "data": 1})
	ada.heard.expect(forced + " 1 at 1")
	api("unsubscribe", claims{"user": ada.user, "channel": forced})
	ada.heard.expect("unsubscribed " + forced)
	config := centrifuge.Config{Token: token(own("named"), 3600, claims{"channels": []string{forced}})}
	named := client(own("named"), config).connect()
	named.heard.expect("subscribed " + forced + " false false")
}

func readsWhatWas() {
	past := own("past")
	sub := connected(own("ada")).subscribed(past, centrifuge.SubscriptionConfig{})
	for number := 1; number <= 5; number++ {
		api("publish", claims{"channel": past, "data": number})
	}
	top := must(sub.History(soon()))
	equal(top.Offset, 5)
	equal(len(top.Publications), 0)
	numbers := func(options ...centrifuge.HistoryOption) string {
		page := must(sub.History(soon(), options...))
		equal(page.Offset, 5)
		var all []string
		for _, one := range page.Publications {
			equal(string(one.Data), one.Offset)
			all = append(all, string(one.Data))
		}
		return strings.Join(all, " ")
	}
	since := func(offset uint64, epoch string) centrifuge.HistoryOption {
		return centrifuge.WithHistorySince(&centrifuge.StreamPosition{Offset: offset, Epoch: epoch})
	}
	limit, reverse := centrifuge.WithHistoryLimit, centrifuge.WithHistoryReverse(true)
	equal(numbers(limit(2)), "1 2")
	equal(numbers(limit(2), since(2, top.Epoch)), "3 4")
	equal(numbers(limit(-1)), "1 2 3 4 5")
	equal(numbers(limit(2), reverse), "5 4")
	equal(numbers(limit(-1), since(3, top.Epoch), reverse), "2 1")
	_, err := sub.History(soon(), limit(1), since(1, "other"))
	equal(refusal(err), 112)
}

func catchesUpOrSaysThatItCannot() {
	ada := connected(own("ada"))
	kept := ada.subscribed(own("kept"), centrifuge.SubscriptionConfig{})
	short := ada.subscribed(own("smallhistory:kept"), centrifuge.SubscriptionConfig{})
	for _, sub := range []*room{kept, short} {
		api("publish", claims{"channel": sub.Channel, "data": 1})
		sub.heard.expect("1 at 1 by nobody")
	}
	if err := ada.Disconnect(); err != nil {
		fail("%v", err)
	}
	ada.heard.expect("disconnected 0")
	for _, sub := range []*room{kept, short} {
		for number := 2; number <= 5; number++ {
			api("publish", claims{"channel": sub.Channel, "data": number})
		}
	}
	ada.connect()
	kept.heard.expect("subscribed true true")
	for number := 2; number <= 5; number++ {
		kept.heard.expect(fmt.Sprintf("%d at %d by nobody", number, number))
	}
	short.heard.expect("subscribed true false")
	api("publish", claims{"channel": short.Channel, "data": 6})
	short.heard.expect("6 at 6 by nobody")
}

func getsWhatChanged() {
	channel := own("delta")
	sub := connected(own("ada")).subscribed(channel, centrifuge.SubscriptionConfig{Delta: centrifuge.DeltaTypeFossil})
	plain := connected(own("bob")).subscribed(channel, centrifuge.SubscriptionConfig{})
	text := strings.Repeat("the same every time, größer ", 20)
	for number := 1; number <= 4; number++ {
		api("publish", claims{"channel": channel, "data": text + fmt.Sprint(number)})
		expected := fmt.Sprintf(`"%s%d" at %d by nobody`, text, number, number)
		sub.heard.expect(expected)
		plain.heard.expect(expected)
	}
}

func comesBackUnlessToldNotTo() {
	ada := connected(own("wanderer"))
	sub := ada.subscribed(own("way"), centrifuge.SubscriptionConfig{})
	// 3000 comes without a close frame: the SDK sees its transport close, which is its code 1.
	for _, codes := range [][2]int{{3001, 3001}, {4000, 4000}, {3000, 1}} {
		disconnect := claims{"code": codes[0], "reason": "again"}
		api("disconnect", claims{"user": ada.user, "disconnect": disconnect})
		ada.heard.expect(fmt.Sprintf("connecting %d", codes[1]), "connected")
		sub.heard.expect("subscribed true true")
	}
	api("unsubscribe", claims{"user": ada.user, "channel": sub.Channel})
	sub.heard.expect("unsubscribed 2000")
	api("disconnect", claims{"user": ada.user})
	ada.heard.expect("disconnected 3503")
}

func isToldWhatItMayNot() {
	ada := connected(own("ada"))
	_, err := ada.RPC(soon(), "any", []byte("{}"))
	equal(refusal(err), 108)
	sub := ada.subscribed(own("plain"), centrifuge.SubscriptionConfig{})
	_, err = sub.Presence(soon())
	equal(refusal(err), 108)
	unknown := ada.subscription("nobody:knows", centrifuge.SubscriptionConfig{})
	unknown.heard.expect("unsubscribed 102")
	closed := ada.subscription("$"+own("closed"), centrifuge.SubscriptionConfig{})
	closed.heard.expect("unsubscribed 103")
	foreign := token("bob", 3600, claims{"channel": "$" + own("foreign")})
	ada.subscription("$"+own("foreign"), centrifuge.SubscriptionConfig{Token: foreign})
	ada.heard.expect("disconnected 3500")
}

// Insecure, as the profile is, nothing expires; so this is at a node that is not.
func renewsItsTokens() {
	var connections, subscriptions atomic.Int32
	user := own("renewed")
	seconds := func(asked *atomic.Int32) int {
		if asked.Add(1) == 1 {
			return 2
		}
		return 3600
	}
	ada := clientOf(os.Getenv("SECURE_URL"), user, centrifuge.Config{
		GetToken: func(centrifuge.ConnectionTokenEvent) (string, error) {
			return token(user, seconds(&connections), nil), nil
		},
	}).connect()
	sub := ada.subscribed("$"+own("renewed"), centrifuge.SubscriptionConfig{
		GetToken: func(e centrifuge.SubscriptionTokenEvent) (string, error) {
			return token(user, seconds(&subscriptions), claims{"channel": e.Channel}), nil
		},
	})
	asked := func() int32 { return min(connections.Load(), subscriptions.Load()) }
	for end := time.Now().Add(patience); asked() < 2; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			fail("tokens were asked for %d and %d times", connections.Load(), subscriptions.Load())
		}
	}
	must(sub.Publish(soon(), []byte("1")))
	sub.heard.expect("1 at 1 by " + user)
	ada.heard.silent()
}

func replacesAnExpiredToken() {
	user := own("late")
	ada := client(user, centrifuge.Config{
		Token: token(user, -60, nil),
		GetToken: func(centrifuge.ConnectionTokenEvent) (string, error) {
			return token(user, 3600, nil), nil
		},
	})
	ada.connect()
}

func aWrongTokenIsTheEnd() {
	mallory := client("mallory", centrifuge.Config{Token: signed("guess", "ada", 3600, nil)})
	if err := mallory.Connect(); err != nil {
		fail("%v", err)
	}
	mallory.heard.expect("connecting 0", "disconnected 3500")
}
