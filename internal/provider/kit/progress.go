package kit

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

const (
	// heartbeat is the longest time without a message while an action runs.
	heartbeat = 10 * time.Second
	// deliveryGrace is how long an action whose context has ended waits until its last message is received.
	deliveryGrace = time.Second
)

// Progress sends the messages of an action that runs: one at the start, one for each new status of the cloud, one after
// ten seconds without another, and one at the end. It is safe for concurrent use. Its methods do not block, except End
// and Stop.
type Progress struct {
	send  func(action.InvokeProgressEvent)
	began time.Time
	ended <-chan struct{}
	// wake has an element if the sender has something to do. done is closed when the sender has stopped.
	wake, done chan struct{}

	mu      sync.Mutex
	queue   []string
	status  string
	stopped bool
}

// StartProgress begins the messages of an action with the first one. send is the SendProgress of its response. Waits of
// package cloud report to the progress through the context that it returns. The action must call Stop before it
// returns.
func StartProgress(
	ctx context.Context, send func(action.InvokeProgressEvent), first string,
) (context.Context, *Progress) {
	p := &Progress{
		send: send, began: time.Now(), ended: ctx.Done(),
		wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	p.Send(first)
	go p.deliver()
	return wait.WithProgress(ctx, p.Report), p
}

// Send sends a message of one line.
func (p *Progress) Send(message string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.add(message)
}

// Report sends a status of the cloud, unless it is the same as before.
func (p *Progress) Report(status string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if status == p.status {
		return
	}
	p.status = status
	p.add(fmt.Sprintf("Status: %s [%s elapsed]", status, p.elapsed()))
}

// End sends the last message and stops as Stop does. After Stop or another End it does nothing.
func (p *Progress) End(message string) {
	p.mu.Lock()
	p.add(message)
	p.stopped = true
	p.mu.Unlock()
	p.Stop()
}

// Fail is End for an error: it adds the diagnostic, and its last message has what the action leaves at the cloud. left
// is as for AddActionError.
func (p *Progress) Fail(diags *diag.Diagnostics, err error, left string) {
	AddActionError(diags, err, left)
	summary, _ := Explain(err)
	p.End(strings.TrimSpace(fmt.Sprintf("%s [%s elapsed]. %s", summary, p.elapsed(), left)))
}

// Stop returns when all messages are received. Nothing is sent after that. If the action's context has ended, it waits
// no longer than a second, because a CLI that is gone receives nothing. May be repeated.
func (p *Progress) Stop() {
	p.mu.Lock()
	p.stopped = true
	p.notify()
	p.mu.Unlock()
	select {
	case <-p.done:
		return
	case <-p.ended:
	}
	grace := time.NewTimer(deliveryGrace)
	defer grace.Stop()
	select {
	case <-p.done:
	case <-grace.C:
	}
}

// add queues a message, and notify wakes the sender. The caller holds mu.
func (p *Progress) add(message string) {
	if !p.stopped {
		p.queue = append(p.queue, message)
		p.notify()
	}
}

func (p *Progress) notify() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// elapsed is how long the action has run.
func (p *Progress) elapsed() time.Duration { return time.Since(p.began).Round(time.Second) }

// deliver sends the messages, because a send blocks until the CLI has received the one before.
func (p *Progress) deliver() {
	defer close(p.done)
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		message, stopped := p.next()
		switch {
		case message != "":
			p.send(action.InvokeProgressEvent{Message: Visible(message)})
			ticker.Reset(heartbeat)
			continue
		case stopped:
			return
		}
		select {
		case <-p.wake:
		case <-ticker.C:
			p.Send(p.stillWaiting())
		}
	}
}

// next takes a message from the queue, and reports whether no other will come. It is empty if there is none.
func (p *Progress) next() (message string, stopped bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		return "", p.stopped
	}
	message, p.queue = p.queue[0], p.queue[1:]
	return message, false
}

func (p *Progress) stillWaiting() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.status == "" {
		return fmt.Sprintf("Still waiting [%s elapsed]", p.elapsed())
	}
	return fmt.Sprintf("Still waiting, status: %s [%s elapsed]", p.status, p.elapsed())
}
