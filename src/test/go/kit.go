// Uses the published Go SDK against nodes: `sdk` against one with conf/profiles/go.yaml (see
// GoSdkIT), `streams` against three, the first of which gets killed (see SdkStreamsIT).
package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/centrifugal/centrifuge-go"
)

var (
	encoding = os.Getenv("ENCODING")
	secret   = os.Getenv("TOKEN_SECRET")
	patience = 20 * time.Second
)

// own is a name that the other encoding does not use on the same node.
func own(name string) string {
	return name + "-" + encoding
}

// failure is what ends a scenario.
type failure struct{ text string }

func fail(format string, values ...any) {
	panic(failure{fmt.Sprintf(format, values...)})
}

func equal(found, expected any) {
	if fmt.Sprint(found) != fmt.Sprint(expected) {
		fail("expected %v but was %v", expected, found)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		fail("%v", err)
	}
	return value
}

// refusal is the code with which the server refuses something.
func refusal(err error) uint32 {
	var refused *centrifuge.Error
	if !errors.As(err, &refused) {
		fail("this should have been refused, not %v", err)
	}
	return refused.Code
}

func soon() context.Context {
	within, cancel := context.WithTimeout(context.Background(), patience)
	context.AfterFunc(within, cancel)
	return within
}

type claims map[string]any

// token signs a token as any application would; claims win over what is usual.
func token(user string, seconds int, more claims) string {
	return signed(secret, user, seconds, more)
}

func signed(secret, user string, seconds int, more claims) string {
	now := time.Now().Unix()
	body := claims{"sub": user, "iat": now, "exp": now + int64(seconds)}
	if audience := os.Getenv("TOKEN_AUDIENCE"); audience != "" {
		body["aud"] = audience
	}
	for name, value := range more {
		body[name] = value
	}
	text := part(claims{"alg": "HS256", "typ": "JWT"}) + "." + part(body)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func part(value claims) string {
	return base64.RawURLEncoding.EncodeToString(must(json.Marshal(value)))
}

// answer is what the HTTP API says.
type answer struct {
	Result map[string]any
	Error  struct{ Code int }
}

func post(url, method string, body claims) answer {
	request := must(http.NewRequest("POST", url+"/"+method, bytes.NewReader(must(json.Marshal(body)))))
	request.Header.Set("X-API-Key", os.Getenv("API_KEY"))
	response := must(http.DefaultClient.Do(request))
	defer response.Body.Close()
	text := must(io.ReadAll(response.Body))
	var found answer
	if err := json.Unmarshal(text, &found); err != nil {
		fail("%s answered %s", method, text)
	}
	return found
}

// api calls the HTTP API and expects a result.
func api(method string, body claims) {
	if found := post(os.Getenv("API_URL"), method, body); found.Result == nil {
		fail("%s answered %v", method, found)
	}
}

// heard is what the SDK said, in order.
type heard chan string

func (h heard) say(format string, values ...any) {
	h <- fmt.Sprintf(format, values...)
}

// expect takes the next events, which must be these.
func (h heard) expect(events ...string) {
	for _, event := range events {
		select {
		case found := <-h:
			equal(found, event)
		case <-time.After(patience):
			fail("nothing more was heard, but expected %s", event)
		}
	}
}

// silent says that nothing was heard.
func (h heard) silent() {
	select {
	case found := <-h:
		fail("nothing was expected, but heard %s", found)
	default:
	}
}

// sdk is a client that writes down what it hears.
type sdk struct {
	*centrifuge.Client
	heard heard
	user  string
	id    string
}

var opened []*sdk

func client(user string, config centrifuge.Config) *sdk {
	return clientOf(os.Getenv("CLIENT_URL"), user, config)
}

func clientOf(url, user string, config centrifuge.Config) *sdk {
	config.MinReconnectDelay = 20 * time.Millisecond
	config.MaxReconnectDelay = 200 * time.Millisecond
	config.HandshakeTimeout = patience
	config.ReadTimeout = patience
	config.WriteTimeout = patience
	made := centrifuge.NewJsonClient
	if encoding == "protobuf" {
		made = centrifuge.NewProtobufClient
	}
	one := &sdk{made(url, config), make(heard, 1_000), user, ""}
	one.OnConnecting(func(e centrifuge.ConnectingEvent) { one.heard.say("connecting %d", e.Code) })
	one.OnConnected(func(e centrifuge.ConnectedEvent) {
		one.id = e.ClientID
		one.heard.say("connected")
	})
	one.OnDisconnected(func(e centrifuge.DisconnectedEvent) { one.heard.say("disconnected %d", e.Code) })
	one.OnMessage(func(e centrifuge.MessageEvent) { one.heard.say("message %s", e.Data) })
	one.OnSubscribed(func(e centrifuge.ServerSubscribedEvent) {
		one.heard.say("subscribed %s %v %v", e.Channel, e.WasRecovering, e.Recovered)
	})
	one.OnUnsubscribed(func(e centrifuge.ServerUnsubscribedEvent) { one.heard.say("unsubscribed %s", e.Channel) })
	one.OnPublication(func(e centrifuge.ServerPublicationEvent) {
		one.heard.say("%s %s at %d", e.Channel, e.Data, e.Offset)
	})
	opened = append(opened, one)
	return one
}

// connected is a client with a good token that is connected.
func connected(user string) *sdk {
	return client(user, centrifuge.Config{Token: token(user, 3600, nil)}).connect()
}

func (s *sdk) connect() *sdk {
	if err := s.Connect(); err != nil {
		fail("%v", err)
	}
	s.heard.expect("connecting 0", "connected")
	return s
}

// room is a subscription that writes down what it hears.
type room struct {
	*centrifuge.Subscription
	heard heard
}

func (s *sdk) subscription(channel string, config centrifuge.SubscriptionConfig) *room {
	config.MinResubscribeDelay = 20 * time.Millisecond
	config.MaxResubscribeDelay = 200 * time.Millisecond
	one := &room{must(s.NewSubscription(channel, config)), make(heard, 1_000)}
	one.OnSubscribed(func(e centrifuge.SubscribedEvent) {
		one.heard.say("subscribed %v %v", e.WasRecovering, e.Recovered)
	})
	one.OnUnsubscribed(func(e centrifuge.UnsubscribedEvent) { one.heard.say("unsubscribed %d", e.Code) })
	one.OnPublication(func(e centrifuge.PublicationEvent) {
		by := "nobody"
		if e.Info != nil {
			by = e.Info.User
		}
		one.heard.say("%s at %d by %s", e.Data, e.Offset, by)
	})
	one.OnJoin(func(e centrifuge.JoinEvent) { one.heard.say("join %s", e.User) })
	one.OnLeave(func(e centrifuge.LeaveEvent) { one.heard.say("leave %s", e.User) })
	if err := one.Subscribe(); err != nil {
		fail("%v", err)
	}
	return one
}

// subscribed is a subscription that is there.
func (s *sdk) subscribed(channel string, config centrifuge.SubscriptionConfig) *room {
	one := s.subscription(channel, config)
	one.heard.expect("subscribed false false")
	return one
}

type scenario struct {
	name string
	play func()
}

// play plays scenarios one after the other; whether all passed.
func play(scenarios []scenario) bool {
	passed := 0
	for _, one := range scenarios {
		if plays(one) {
			passed++
		}
		for _, client := range opened {
			client.Close()
		}
		opened = nil
	}
	fmt.Printf("%d of %d %s scenarios passed\n", passed, len(scenarios), encoding)
	return passed == len(scenarios)
}

func plays(one scenario) (passed bool) {
	defer func() {
		if found := recover(); found != nil {
			if known, ok := found.(failure); ok {
				fmt.Printf("FAILED %s %s: %s\n", encoding, one.name, known.text)
			} else {
				panic(found)
			}
		}
	}()
	one.play()
	fmt.Printf("ok %s %s\n", encoding, one.name)
	return true
}

func main() {
	if seconds, err := strconv.Atoi(os.Getenv("PATIENCE_SECONDS")); err == nil {
		patience = time.Duration(seconds) * time.Second
	}
	all := map[string][]scenario{"sdk": sdkScenarios, "streams": streamScenarios}
	if len(os.Args) != 2 || all[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: sdk | streams")
		os.Exit(2)
	}
	if !play(all[os.Args[1]]) {
		os.Exit(1)
	}
}
