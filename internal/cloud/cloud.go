package cloud

import (
	"cmp"
	"context"
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

const defaultGrace = 5 * time.Second

// Cloud is one cloud, ready to use. It is safe for concurrent use.
type Cloud struct {
	Descriptor

	client Client
	pace   wait.Pace
	// imagePace is how often an image is looked at.
	imagePace wait.Pace
	grace     time.Duration
	turns     turns
	tracker   tracker
}

// Open makes a Cloud of a driver. It does not talk to the cloud. The error is always an *Error of KindMisconfigured.
func Open(driver Driver, settings Settings, options Options) (*Cloud, error) {
	d := driver.Descriptor()
	settings.Grace = cmp.Or(max(options.Grace, 0), defaultGrace)
	client, err := driver.Open(settings)
	if err != nil {
		return nil, &Error{Kind: KindMisconfigured, Cloud: d.Name, Op: "configure cloud", Message: err.Error(), Err: err}
	}
	c := &Cloud{
		Descriptor: d,
		client:     client,
		pace:       wait.Pace{Floor: d.Traits.MinPoll, Ceiling: options.PollInterval},
		imagePace:  wait.Pace{Floor: max(d.Traits.MinPoll, d.Traits.Image.MinPoll), Ceiling: options.PollInterval},
		grace:      settings.Grace,
	}
	return c, nil
}

// Reserve waits for its turn on a source and returns the function that ends the turn. Work on one instance, volume or VM
// goes one at a time, because the clouds lock them; work on different sources never waits here. An address without a source
// stands for the object itself. It ends early with the context's error.
func (c *Cloud) Reserve(ctx context.Context, ref Ref) (release func(), err error) {
	key := cmp.Or(ref.SourceID, ref.ObjectID)
	if key == "" {
		return func() {}, nil
	}
	release, err = c.turns.take(ctx, ref.Location+"/"+key)
	if err != nil {
		return nil, c.fail("wait for other work on the same "+c.Traits.Source.Noun, ref, &Error{Message: "nothing has been sent to the cloud", Err: err})
	}
	return release, nil
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
