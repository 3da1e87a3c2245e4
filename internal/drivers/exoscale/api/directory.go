package api

import (
	"context"
	"sync"
)

// directory has the endpoints of the zones by name. The zero value is an unread list.
type directory struct {
	mu    sync.Mutex
	known map[string]string
	// running is the current request, or nil.
	running *zoneRequest
}

// zoneRequest is a request for the list of zones that several callers wait for. done is closed after known or err is
// set.
type zoneRequest struct {
	done  chan struct{}
	known map[string]string
	err   error
	// abandoned means that the request failed because the context of its sender ended.
	abandoned bool
}

// endpoints returns the endpoint of each zone. It calls list until one call succeeds, at most once at a time, and
// blocks at most until ctx ends. Callers that wait for a failed call share its error, unless it failed because of
// another caller's context.
func (d *directory) endpoints(
	ctx context.Context,
	list func(context.Context) (ZoneList, error),
) (map[string]string, error) {
	for {
		d.mu.Lock()
		if d.known != nil {
			defer d.mu.Unlock()
			return d.known, nil
		}
		request := d.running
		if request == nil {
			request = &zoneRequest{done: make(chan struct{})}
			d.running = request
			d.mu.Unlock()
			d.run(ctx, request, list)
			return request.known, request.err
		}
		d.mu.Unlock()
		select {
		case <-request.done:
			if !request.abandoned {
				return request.known, request.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (d *directory) run(ctx context.Context, request *zoneRequest, list func(context.Context) (ZoneList, error)) {
	zones, err := list(ctx)
	if request.err = err; err == nil {
		request.known = map[string]string{}
		for _, z := range zones.Zones {
			if zoneName.MatchString(z.Name) {
				request.known[z.Name] = z.APIEndpoint
			}
		}
	}
	request.abandoned = err != nil && ctx.Err() != nil
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known, d.running = request.known, nil
	close(request.done)
}
