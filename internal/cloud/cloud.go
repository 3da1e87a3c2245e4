package cloud

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/wait"
)

// Options are what all clouds share.
type Options struct {
	// PollInterval is the longest pause between two polls; 0 means 15 seconds.
	PollInterval time.Duration
	// Grace is how long a request that makes something may go on after its context has ended, so that its answer is not
	// lost; 0 means five seconds.
	Grace time.Duration
}

// Cloud is one cloud, ready to use. It is safe for concurrent use.
type Cloud struct {
	Descriptor

	client Client
	pace   wait.Pace
	grace  time.Duration
	turns  turns

	mu    sync.Mutex
	known map[string]struct{} // IDs of the snapshots, images and templates that belong to resources of this run
}

// Open makes a Cloud of a driver. It does not talk to the cloud. The error is always an *Error of KindMisconfigured.
func Open(driver Driver, settings Settings, options Options) (*Cloud, error) {
	d := driver.Descriptor()
	client, err := driver.Open(settings)
	if err != nil {
		return nil, &Error{Kind: KindMisconfigured, Cloud: d.Name, Op: "configure " + d.Title, Message: err.Error(), Err: err}
	}
	c := &Cloud{
		Descriptor: d,
		client:     client,
		pace:       wait.Pace{Floor: d.Traits.MinPoll, Ceiling: options.PollInterval},
		grace:      options.Grace,
		known:      map[string]struct{}{},
	}
	if c.grace <= 0 {
		c.grace = 5 * time.Second
	}
	return c, nil
}

// Reserve waits for its turn on a source and returns the function that ends the turn. Work on one instance, volume or VM
// goes one at a time, because the clouds lock them; work on different sources never waits here. It ends early with the
// context's error.
func (c *Cloud) Reserve(ctx context.Context, ref Ref) (release func(), err error) {
	if ref.SourceID == "" {
		return func() {}, nil
	}
	release, err = c.turns.take(ctx, ref.Location+"/"+ref.SourceID)
	if err != nil {
		return nil, c.fail("wait for other work on the same "+c.Traits.Source.Noun, ref, err)
	}
	return release, nil
}

// Claim notes that an object belongs to a resource of this run, so that nothing else adopts it and a single slot may be
// planned to be replaced.
func (c *Cloud) Claim(id string) {
	if id == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known[id] = struct{}{}
}

func (c *Cloud) claimed(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, ok := c.known[id]
	return ok
}

// Now is the time at the cloud, as far as its answers have told, else this machine's.
func (c *Cloud) Now() time.Time {
	if clock, ok := c.client.(ServerClock); ok {
		if skew, known := clock.Skew(); known {
			return time.Now().Add(skew)
		}
	}
	return time.Now()
}

// busy repeats a request as long as the cloud says that the source is locked: such a request was not acted on.
func (c *Cloud) busy(ctx context.Context, request func(ctx context.Context) error) error {
	var refused error
	err := wait.Until(ctx, c.pace, func(ctx context.Context) (bool, string, error) {
		refused = request(ctx)
		if refused != nil && c.kindOf(refused) == KindBusy {
			return false, "busy", wait.Transient(refused)
		}
		return true, "", refused
	})
	var ended *wait.Error
	if errors.As(err, &ended) && ended.Last != nil {
		return &Error{Kind: KindBusy, Message: ended.Error(), Err: errors.Join(ended.Err, refused)}
	}
	return err
}

func (c *Cloud) kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return c.client.KindOf(err)
}

// poll repeats a question until it is answered with true. What may pass by itself does not end the wait.
func (c *Cloud) poll(ctx context.Context, check wait.Check) error {
	return wait.Until(ctx, c.pace, func(ctx context.Context) (bool, string, error) {
		done, word, err := check(ctx)
		if err != nil {
			switch c.kindOf(err) {
			case KindUnavailable, KindRateLimited, KindBusy:
				return false, word, wait.Transient(err)
			default:
			}
		}
		return done, word, err
	})
}

// settle polls a job until it has succeeded, and returns the ID of the object that it made if the cloud names it. A job that
// the cloud has forgotten is over; the object tells the rest.
func (c *Cloud) settle(ctx context.Context, job Job) (objectID string, err error) {
	poller, ok := c.client.(JobPoller)
	if job.ID == "" || !ok {
		return "", nil
	}
	err = c.poll(ctx, func(ctx context.Context) (bool, string, error) {
		status, err := poller.PollJob(ctx, job)
		if err != nil && c.kindOf(err) == KindNotFound {
			return true, "", nil
		}
		if status.ObjectID != "" {
			objectID = status.ObjectID
		}
		return status.Done, status.Word, err
	})
	return objectID, c.failJob(err, job)
}

func (c *Cloud) failJob(err error, job Job) error {
	var failed *Error
	if errors.As(err, &failed) && failed.JobID == "" {
		failed.JobID = job.ID
	}
	return err
}

// detach gives a context that outlives ctx by the grace period, for requests whose answer must not be lost.
func (c *Cloud) detach(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(c.grace, cancel) })
	return out, func() { stop(); cancel() }
}

// turns hands out turns by key, in order of arrival as far as the runtime keeps it.
type turns struct {
	mu     sync.Mutex
	queues map[string]*queue
}

type queue struct {
	token   chan struct{}
	waiting int
}

func (t *turns) take(ctx context.Context, key string) (func(), error) {
	t.mu.Lock()
	if t.queues == nil {
		t.queues = map[string]*queue{}
	}
	q := t.queues[key]
	if q == nil {
		q = &queue{token: make(chan struct{}, 1)}
		t.queues[key] = q
	}
	q.waiting++
	t.mu.Unlock()

	leave := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if q.waiting--; q.waiting == 0 {
			delete(t.queues, key)
		}
	}
	select {
	case q.token <- struct{}{}:
		return sync.OnceFunc(func() { <-q.token; leave() }), nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}
