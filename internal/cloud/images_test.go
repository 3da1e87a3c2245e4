package cloud

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

var imageSpec = ImageSpec{Location: "zone-1", Name: "golden", URL: "https://img.example/golden.qcow2"}

func TestImages_newestFirst(t *testing.T) {
	c, f := newPlain(t)
	at := time.Unix(1_000_000_000, 0)
	filter := ImageFilter{Location: "zone-1", Name: "gold"}
	f.images = func(_ context.Context, got ImageFilter) ([]Image, error) {
		if got != filter {
			t.Errorf("listed %+v", got)
		}
		return []Image{{ID: "b", CreatedAt: at}, {ID: "undated"}, {ID: "a", CreatedAt: at, Location: "zone-2"}, {ID: "new", CreatedAt: at.Add(time.Hour)}}, nil
	}
	list, err := c.Images(t.Context(), filter)
	var ids []string
	for _, i := range list {
		ids = append(ids, i.ID+"@"+i.Location)
	}
	if err != nil || strings.Join(ids, " ") != "new@zone-1 a@zone-2 b@zone-1 undated@zone-1" {
		t.Errorf("got %v, %v", ids, err)
	}
	f.images = func(context.Context, ImageFilter) ([]Image, error) { return nil, answer(500, "down") }
	_, err = c.Images(t.Context(), filter)
	failed(t, c, err, KindUnavailable, "list images")
}

func TestImage_andStats(t *testing.T) {
	c, f := newPlain(t)
	ref := Ref{Location: "zone-1", ObjectID: "i1"}
	f.image = func(_ context.Context, ref Ref) (Image, error) { return Image{ID: ref.ObjectID}, nil }
	if i, err := c.Image(t.Context(), ref); err != nil || i.Ref() != ref || !c.tracker.isTracked("i1") {
		t.Errorf("got %+v, %v", i, err)
	}
	f.image = func(context.Context, Ref) (Image, error) { return Image{}, errNotFound }
	_, err := c.Image(t.Context(), ref)
	if e := failed(t, c, err, KindNotFound, "read image"); e.Ref != ref || !IsNotFound(err) {
		t.Errorf("got %+v", e)
	}
	want := ImageStats{Count: 2, TotalMB: 100, UsedMB: 25, FreeMB: 75}
	f.imageStats = func(context.Context) (ImageStats, error) { return want, nil }
	if got, err := c.ImageStats(t.Context()); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	f.imageStats = func(context.Context) (ImageStats, error) { return ImageStats{}, answer(403, "no") }
	_, err = c.ImageStats(t.Context())
	failed(t, c, err, KindPermission, "read image statistics")
}

func refusesImage(err error) func(context.Context, ImageSpec) (Image, Operation, error) {
	return func(context.Context, ImageSpec) (Image, Operation, error) { return Image{}, Operation{}, err }
}

func TestCreateImage_returnsWhatTheCloudAccepted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		n := 0
		f.createImage = func(_ context.Context, got ImageSpec) (Image, Operation, error) {
			if got != imageSpec {
				t.Errorf("asked for %+v", got)
			}
			if n++; n == 1 {
				return Image{}, Operation{}, answer(423, "locked")
			}
			return Image{ID: "i1", State: StateCreating}, Operation{PollObject: true}, nil
		}
		i, operation, err := c.CreateImage(t.Context(), imageSpec)
		if err != nil || i.ID != "i1" || i.Location != "zone-1" || !operation.PollObject || !c.tracker.isTracked("i1") || n != 2 {
			t.Errorf("got %+v, %+v, %v", i, operation, err)
		}
		f.createImage = refusesImage(answer(402, "no room"))
		stats := ImageStats{Count: 2, TotalMB: 100, UsedMB: 100}
		f.imageStats = func(context.Context) (ImageStats, error) { return stats, nil }
		_, _, err = c.CreateImage(t.Context(), imageSpec)
		if e := failed(t, c, err, KindLimit, "create image"); e.ImageStats == nil || *e.ImageStats != stats {
			t.Errorf("got %+v", e)
		}
	})
}

func TestCreateImage_lostReply(t *testing.T) {
	for name, tc := range map[string]struct {
		list    func(now time.Time) []Image
		adopted string
		hint    string
	}{
		"exactly one": {list: func(now time.Time) []Image {
			return []Image{
				{ID: "new", Name: "golden", URL: imageSpec.URL, CreatedAt: now},
				{ID: "old", Name: "golden", URL: imageSpec.URL, CreatedAt: now.Add(-time.Hour)},
				{ID: "other name", Name: "golden 2", URL: imageSpec.URL, CreatedAt: now},
				{ID: "other URL", Name: "golden", URL: "https://img.example/else.qcow2", CreatedAt: now},
				{ID: "standard", Name: "golden", Standard: true, CreatedAt: now},
				{ID: "claimed", Name: "golden", URL: imageSpec.URL, CreatedAt: now},
			}
		}, adopted: "new"},
		"URL not told": {list: func(now time.Time) []Image { return []Image{{ID: "new", Name: "golden", CreatedAt: now}} }, adopted: "new"},
		"none": {
			list: func(time.Time) []Image { return nil },
			hint: "A listing made afterwards shows no new image, so it was probably not made. Look at the custom images of this account before you apply again",
		},
		"several": {list: func(now time.Time) []Image {
			return []Image{{ID: "a", Name: "golden", CreatedAt: now}, {ID: "b", Name: "golden", CreatedAt: now}}
		}, hint: "shows 2 new images, so none was adopted"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newPlain(t)
				c.Track(Ref{ObjectID: "claimed"})
				start, looks := time.Now(), 2
				if name == "none" {
					looks = 1 + maxListings
				}
				f.createImage = refusesImage(lostReply())
				f.images = listsAfter(f, "CreateImage", func(_ context.Context, filter ImageFilter) ([]Image, error) {
					if filter.Location != "zone-1" || filter.Standard == nil || *filter.Standard || filter.Visibility != VisibilityPrivate {
						t.Errorf("listed %+v", filter)
					}
					return tc.list(start), nil
				})
				i, operation, err := c.CreateImage(t.Context(), imageSpec)
				if f.count("CreateImage") != 1 || f.count("Images") != looks {
					t.Errorf("calls: %v", f.calls)
				}
				if tc.adopted != "" {
					if err != nil || i.ID != tc.adopted || !operation.PollObject || !c.tracker.isTracked(tc.adopted) {
						t.Errorf("got %+v, %+v, %v", i, operation, err)
					}
					return
				}
				if e := failed(t, c, err, KindAmbiguous, "create image"); !strings.Contains(e.Hint, tc.hint) || e.Status != 503 {
					t.Errorf("got %q", e.Hint)
				}
			})
		})
	}
}

func TestCreateImage_twoLostRepliesAndOneImage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		f.createImage = refusesImage(lostReply())
		f.images = listsAfter(f, "CreateImage", func(context.Context, ImageFilter) ([]Image, error) {
			return []Image{{ID: "new", Name: "golden", CreatedAt: time.Now()}}, nil
		})
		var all sync.WaitGroup
		adopted := make(chan string, 8)
		for range 8 {
			all.Go(func() {
				if i, _, err := c.CreateImage(t.Context(), imageSpec); err == nil {
					adopted <- i.ID
				} else if KindOf(err) != KindAmbiguous {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := len(adopted); n != 1 {
			t.Errorf("%d resources have the same image", n)
		}
	})
}

func TestCreateImage_lostReplyThatCannotBeLookedFor(t *testing.T) {
	c, f := newPlain(t)
	f.createImage = refusesImage(lostReply())
	f.images = listsAfter(f, "CreateImage", func(context.Context, ImageFilter) ([]Image, error) { return nil, answer(500, "down") })
	_, _, err := c.CreateImage(t.Context(), imageSpec)
	if e := failed(t, c, err, KindAmbiguous, "create image"); !strings.Contains(e.Hint, "Looking for it failed too: down.") {
		t.Errorf("got %q", e.Hint)
	}
	blind := &fake{t: t, createImage: f.createImage}
	c = open(t, descriptor("blind"), blindClient{blind, imagePart{blind}})
	_, _, err = c.CreateImage(t.Context(), imageSpec)
	if e := failed(t, c, err, KindAmbiguous, "create image"); !strings.Contains(e.Hint, "The blind cannot list them") {
		t.Errorf("got %q", e.Hint)
	}
}

func TestCreateImage_cancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newPlain(t)
		ctx, cancel := context.WithCancel(t.Context())
		f.createImage = func(ctx context.Context, _ ImageSpec) (Image, Operation, error) {
			cancel()
			<-ctx.Done()
			return Image{ID: "i1"}, Operation{}, nil
		}
		if i, _, err := c.CreateImage(ctx, imageSpec); err != nil || i.ID != "i1" {
			t.Errorf("what the cloud has made is lost: %+v, %v", i, err)
		}
		_, _, err := c.CreateImage(ctx, imageSpec)
		failed(t, c, err, KindCanceled, "create image")
		if f.count("CreateImage") != 1 {
			t.Error("sent after the end")
		}
	})
}

func TestWaitImage(t *testing.T) {
	in := func(s State) Image { return Image{ID: "i1", State: s} }
	watch := Operation{PollObject: true}
	for name, tc := range map[string]struct {
		made    Image
		job     Operation
		poll    func(context.Context, Operation) (OperationStatus, error)
		steps   []Image
		state   State
		kind    Kind
		message string
	}{
		"ready already":   {made: in(StateReady), state: StateReady},
		"downloaded":      {made: in(StateCreating), job: watch, steps: []Image{in(StateCreating), in("queued"), in(StateReady)}, state: StateReady},
		"template":        {made: Image{State: StateCreating}, job: Operation{ID: "j", PollObject: true}, poll: polls(OperationStatus{Done: true, ObjectID: "i1"}, nil), steps: []Image{in(StateReady)}, state: StateReady},
		"not named":       {made: Image{State: StateCreating}, job: Operation{ID: "j"}, poll: polls(OperationStatus{Done: true}, nil), state: StateCreating, kind: KindAmbiguous, message: "does not say which image"},
		"job failed":      {made: in(StateCreating), job: Operation{ID: "j"}, poll: polls(OperationStatus{}, &Error{Kind: KindFailed, Message: "bad checksum"}), state: StateCreating, kind: KindFailed, message: "bad checksum"},
		"error state":     {made: in(StateCreating), job: watch, steps: []Image{in(StateCreating), {ID: "i1", State: StateError, ErrorMessage: "404 at the URL"}}, state: StateError, kind: KindFailed, message: "404 at the URL"},
		"error, untold":   {made: in(StateCreating), job: watch, steps: []Image{in(StateError)}, state: StateError, kind: KindFailed, message: "the image is in the state error"},
		"unknown forever": {made: in(StateCreating), job: watch, steps: []Image{in("thawing")}, state: "thawing", kind: KindTimeout, message: `the last state was "thawing"`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, f := newZone(t)
				f.pollJob = tc.poll
				if len(tc.steps) > 0 {
					next := sequence(tc.steps...)
					f.image = func(_ context.Context, ref Ref) (Image, error) {
						if ref != (Ref{Location: "zone-1", ObjectID: "i1"}) {
							t.Errorf("read %+v", ref)
						}
						return next(), nil
					}
				}
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
				defer cancel()
				tc.made.Location = "zone-1"
				i, err := c.WaitImage(ctx, tc.made, tc.job)
				if i.State != tc.state || i.Location != "zone-1" {
					t.Errorf("got %+v", i)
				}
				if tc.kind == KindUnknown {
					if err != nil || f.count("Image") != len(tc.steps) {
						t.Errorf("got %v after %v", err, f.calls)
					}
					return
				}
				e := failed(t, c, err, tc.kind, "finish creating image")
				if !strings.Contains(e.Message, tc.message) || e.OperationID != tc.job.ID {
					t.Errorf("got %+v", e)
				}
			})
		})
	}
}

func TestWaitImage_gone(t *testing.T) {
	c, f := newPlain(t)
	f.image = func(context.Context, Ref) (Image, error) { return Image{}, errNotFound }
	i, err := c.WaitImage(t.Context(), Image{ID: "i1", State: StateCreating}, Operation{PollObject: true})
	failed(t, c, err, KindNotFound, "finish creating image")
	if i.ID != "i1" {
		t.Errorf("got %+v", i)
	}
}

func TestUpdateImage_readsBack(t *testing.T) {
	c, f := newZone(t)
	c.pace.Ceiling = time.Millisecond
	ref, name := Ref{Location: "zone-1", ObjectID: "i1"}, "renamed"
	f.updateImage = func(_ context.Context, got Ref, change ImageChange) (Operation, error) {
		if got != ref || *change.Name != name || change.Description != nil {
			t.Errorf("changed %+v %+v", got, change)
		}
		return Operation{ID: "j"}, nil
	}
	f.pollJob = polls(OperationStatus{Done: true}, nil)
	f.image = func(context.Context, Ref) (Image, error) { return Image{ID: "i1", Name: name}, nil }
	i, err := c.UpdateImage(t.Context(), ref, ImageChange{Name: &name})
	if err != nil || i.Name != name || strings.Join(f.calls, " ") != "UpdateImage PollJob Image" {
		t.Errorf("got %+v, %v after %v", i, err, f.calls)
	}
	f.pollJob = polls(OperationStatus{}, &Error{Kind: KindFailed, Message: "no"})
	_, err = c.UpdateImage(t.Context(), ref, ImageChange{Name: &name})
	if e := failed(t, c, err, KindFailed, "update image"); e.OperationID != "j" {
		t.Errorf("got %+v", e)
	}
	f.updateImage = func(context.Context, Ref, ImageChange) (Operation, error) {
		return Operation{}, answer(400, "bad name")
	}
	_, err = c.UpdateImage(t.Context(), ref, ImageChange{})
	failed(t, c, err, KindInvalid, "update image")
}

func TestDeleteImage(t *testing.T) {
	ref := Ref{Location: "zone-1", ObjectID: "i1"}
	for name, tc := range map[string]struct {
		job   Operation
		err   error
		kind  Kind
		calls string
	}{
		"at once":      {calls: "DeleteImage"},
		"gone already": {err: errNotFound, calls: "DeleteImage"},
		"job, watch":   {job: Operation{ID: "j", PollObject: true}, calls: "DeleteImage PollJob Image Image"},
		"refused":      {err: answer(409, "in use"), kind: KindConflict, calls: "DeleteImage"},
	} {
		synctest.Test(t, func(t *testing.T) {
			c, f := newZone(t)
			n := 0
			f.deleteImage = func(context.Context, Ref) (Operation, error) { return tc.job, tc.err }
			f.pollJob = polls(OperationStatus{Done: true}, nil)
			f.image = func(context.Context, Ref) (Image, error) {
				if n++; n == 1 {
					return Image{ID: "i1"}, nil
				}
				return Image{}, errNotFound
			}
			err := c.DeleteImage(t.Context(), ref)
			if tc.kind != KindUnknown {
				failed(t, c, err, tc.kind, "delete image")
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if got := strings.Join(f.calls, " "); got != tc.calls {
				t.Errorf("%s: calls: %s", name, got)
			}
		})
	}
	c, f := newZone(t)
	failed(t, c, c.DeleteImage(t.Context(), Ref{}), KindConflict, "delete image")
	if len(f.calls) != 0 {
		t.Errorf("calls: %v", f.calls)
	}
}
