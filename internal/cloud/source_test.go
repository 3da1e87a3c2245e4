package cloud

import (
	"context"
	"iter"
	"testing"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/cloud/driver"
)

// sourceClient has snapshots and can read what they are taken of.
type sourceClient struct {
	plainClient
	source func(ctx context.Context, ref driver.Ref) (driver.Source, error)
}

func (c sourceClient) Source(ctx context.Context, ref driver.Ref) (driver.Source, error) {
	return c.source(ctx, ref)
}

func TestCheckSource(t *testing.T) {
	room := func(n int) *int { return &n }
	for name, tc := range map[string]struct {
		source  driver.Source
		err     error
		tracked driver.Ref
		kind    driver.Kind
		op      string
	}{
		"not reported": {},
		"room":         {source: driver.Source{Room: room(2)}},
		"no room":      {source: driver.Source{Room: room(0)}, kind: driver.KindLimit, op: "create snapshot"},
		"its own goes": {
			source:  driver.Source{Room: room(0)},
			tracked: driver.Ref{SourceID: "7", Location: "zone-1", ObjectID: "old"},
		},
		"another's goes": {
			source:  driver.Source{Room: room(0)},
			tracked: driver.Ref{SourceID: "8", Location: "zone-1", ObjectID: "old"},
			kind:    driver.KindLimit, op: "create snapshot",
		},
		"missing":   {err: answer(404, "no such instance"), kind: driver.KindNotFound, op: "read Instance"},
		"no access": {err: answer(403, "no"), kind: driver.KindPermission, op: "read Instance"},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{t: t}
			client := sourceClient{
				plainClient{f, snapshotPart{f}, editorPart{f}, imagePart{f}, listPart{f}, statsPart{f}},
				nil,
			}
			client.source = func(_ context.Context, ref driver.Ref) (driver.Source, error) {
				if ref != spec.Ref() {
					t.Errorf("read %+v", ref)
				}
				return tc.source, tc.err
			}
			c := open(t, descriptor("plain"), client)
			c.Track(tc.tracked)
			err := c.CheckSource(t.Context(), spec)
			if tc.kind == driver.KindUnknown {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			failed(t, c, err, tc.kind, tc.op)
		})
	}
	without, _ := newPlain(t)
	if err := without.CheckSource(t.Context(), spec); err != nil {
		t.Errorf("a cloud that cannot be asked: %v", err)
	}
}

// listerClient is a client that lists sources.
type listerClient struct {
	plainClient
	sources func(ctx context.Context, location string) ([]driver.Source, error)
}

func (c listerClient) Sources(ctx context.Context, location string) iter.Seq2[[]driver.Source, error] {
	return driver.Unpaged(func() ([]driver.Source, error) { return c.sources(ctx, location) })
}

func TestSources(t *testing.T) {
	f := &fake{t: t}
	client := listerClient{plainClient{f, snapshotPart{f}, editorPart{f}, imagePart{f}, listPart{f}, statsPart{f}}, nil}
	client.sources = func(_ context.Context, location string) ([]driver.Source, error) {
		if location == "elsewhere" {
			return nil, answer(403, "no")
		}
		return []driver.Source{{ID: "3", Name: "web"}, {ID: "2", Name: "db"}, {ID: "1", Name: "web"}}, nil
	}
	c := open(t, descriptor("plain"), client)
	list, err := c.Sources(t.Context(), "zone-1")
	if err != nil || len(list) != 3 || list[0].ID != "2" || list[1].ID != "1" || list[2].ID != "3" {
		t.Errorf("got %+v, %v, want them by name, then by ID", list, err)
	}
	_, err = c.Sources(t.Context(), "elsewhere")
	if e := failed(t, c, err, driver.KindPermission, "list snapshot sources"); e.Ref.Location != "elsewhere" {
		t.Errorf("got %+v", e)
	}
	without, _ := newPlain(t)
	_, err = without.Sources(t.Context(), "")
	failed(t, without, err, driver.KindUnsupported, "list snapshot sources")
}
