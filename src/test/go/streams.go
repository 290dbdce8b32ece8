package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge-go"
)

// HOSTS (of the nodes, comma separated), CLIENT_PORT, INTERNAL_PORT and CLIENT_URL, whose host is
// a name that stands for the nodes, are in the environment. Prints `kill the first node` when that
// is due. The data of every publication is its offset.
var streamScenarios = []scenario{{"comesBackAfterAKill", comesBackAfterAKill}}

// temporary says whether a refusal may be none the next time.
func temporary(found answer) bool {
	return found.Error.Code == 100 || found.Error.Code == 111
}

// publishNumbers publishes through the API; just after a fault, or on a busy machine, it may
// take some tries.
func publishNumbers(host, channel string, first, last int) {
	url := fmt.Sprintf("http://%s:%s/api", host, os.Getenv("INTERNAL_PORT"))
	for number := first; number <= last; number++ {
		key := fmt.Sprintf("%s %d %d", channel, number, time.Now().UnixNano())
		body := claims{"channel": channel, "data": number, "idempotency_key": key}
		end := time.Now().Add(patience)
		found := post(url, "publish", body)
		for temporary(found) && time.Now().Before(end) {
			time.Sleep(100 * time.Millisecond)
			found = post(url, "publish", body)
		}
		equal(found.Result["offset"], number)
	}
}

func comesBackAfterAKill() {
	hosts := strings.Split(os.Getenv("HOSTS"), ",")
	var host atomic.Value
	host.Store(hosts[0])
	user, forced := own("ada-go"), own("forced:go")
	ada := client(user, centrifuge.Config{
		Token: token(user, 3600, claims{"channels": []string{forced}}),
		NetDialContext: func(within context.Context, network, _ string) (net.Conn, error) {
			address := net.JoinHostPort(host.Load().(string), os.Getenv("CLIENT_PORT"))
			return new(net.Dialer).DialContext(within, network, address)
		},
	}).connect()
	ada.heard.expect("subscribed " + forced + " false false")
	asks := centrifuge.SubscriptionConfig{Positioned: true, Recoverable: true}
	kept := ada.subscribed(own("kept:go"), asks)
	short := ada.subscribed(own("short:go"), asks)
	newest := ada.subscribed(own("newest:go"), asks)
	rooms := []*room{kept, short, newest}
	publishAll := func(first, last int) {
		publishNumbers(hosts[1], forced, first, last)
		for _, one := range rooms {
			publishNumbers(hosts[1], one.Channel, first, last)
		}
	}
	forcedNumbers := func(first, last int) {
		for number := first; number <= last; number++ {
			ada.heard.expect(fmt.Sprintf("%s %d at %d", forced, number, number))
		}
	}
	publishAll(1, 2)
	forcedNumbers(1, 2)
	for _, one := range rooms {
		one.numbers(1, 2)
	}

	fmt.Println("kill the first node")
	ada.heard.expect("connecting 1")
	publishAll(3, 5)
	ada.heard.silent()
	host.Store(hosts[2])
	ada.heard.expect("connected", "subscribed "+forced+" true true")
	forcedNumbers(3, 5)
	kept.heard.expect("subscribed true true")
	kept.numbers(3, 5)
	short.heard.expect("subscribed true false")
	newest.heard.expect("subscribed true true")
	newest.numbers(5, 5)
	publishAll(6, 6)
	forcedNumbers(6, 6)
	for _, one := range rooms {
		one.numbers(6, 6)
	}
}

// numbers takes the next publications, which must be these.
func (r *room) numbers(first, last int) {
	for number := first; number <= last; number++ {
		r.heard.expect(fmt.Sprintf("%d at %d by nobody", number, number))
	}
}
