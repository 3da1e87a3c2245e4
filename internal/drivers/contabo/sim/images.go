package sim

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cloudsnap/terraform-provider-cloudsnap/internal/sandbox/simkit"
)

// defaultImageMB is the size of an image whose URL has none.
const defaultImageMB = 2048

func imagePath(id string) string { return "/v1/compute/images/" + id }

func (s *Simulator) findImage(id string) *image {
	for i := range s.State.Images {
		if s.State.Images[i].ID == id {
			return &s.State.Images[i]
		}
	}
	return nil
}

// listImages is retrieveImageList. Only listings show tags.
func (s *Simulator) listImages(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	p, broken := readPage(query, "name", "standardImage", "search")
	standard := query.Get("standardImage")
	if broken == nil && !slices.Contains([]string{"", "true", "false"}, standard) {
		broken = invalid([]string{"standardImage must be a boolean value"})
	}
	search := strings.ToLower(query.Get("search"))
	var found []record
	for _, i := range s.State.Images {
		if !strings.Contains(i.Name, query.Get("name")) ||
			(standard != "" && standard != strconv.FormatBool(i.Standard)) ||
			!strings.Contains(strings.ToLower(i.Name+" "+i.OSType), search) {
			continue
		}
		shown := s.imageRecord(i)
		shown["tags"] = i.Tags
		found = append(found, shown)
	}
	if broken == nil {
		sample := s.imageRecord(image{})
		sample["tags"] = nil
		broken = p.sort(found, sample)
	}
	if broken != nil {
		broken.answer(w)
		return
	}
	s.list(w, r, found, p)
}

// getImage is retrieveImage.
func (s *Simulator) getImage(w http.ResponseWriter, _ *http.Request, index int) {
	i := s.State.Images[index]
	s.one(w, http.StatusOK, imagePath(i.ID), s.imageRecord(i))
}

// createImage is createCustomImage: it answers the IDs and starts the download.
func (s *Simulator) createImage(w http.ResponseWriter, r *http.Request) {
	made, broken := readImage(r)
	if broken == nil && s.usedMB()+made.SizeMB > totalImageMB {
		broken = fail(http.StatusPaymentRequired, "The custom image of %d MB exceeds the free image storage of %d MB",
			made.SizeMB, totalImageMB-s.usedMB())
	}
	if broken != nil {
		broken.answer(w)
		return
	}
	s.State.Serial++
	made.ID = simkit.UUID("contabo", "custom image", s.State.Serial, s.Now().UnixNano())
	made.Created = s.Now().Truncate(time.Millisecond)
	made.Modified = made.Created
	s.State.Images = append(s.State.Images, made)
	s.note(r, imageAudit, made.ID, 0, "CREATED")
	s.one(w, http.StatusCreated, imagePath(made.ID), imageIDs(made))
}

// updateImage is updateImage: it answers the IDs only.
func (s *Simulator) updateImage(w http.ResponseWriter, r *http.Request, index int) {
	var body struct {
		Name        *string `json:"name"`
		Description *string `json:"description"`
	}
	broken := decode(r, &body)
	i := &s.State.Images[index]
	switch {
	case broken != nil:
		broken.answer(w)
		return
	case body.Name != nil && *body.Name == "":
		invalid([]string{"name should not be empty"}).answer(w)
		return
	case i.Standard:
		fail(http.StatusForbidden, "Standard images cannot be changed").answer(w)
		return
	}
	i.Name = simkit.ValueOr(body.Name, i.Name)
	i.Description = simkit.ValueOr(body.Description, i.Description)
	i.Modified = s.Now().Truncate(time.Millisecond)
	s.note(r, imageAudit, i.ID, 0, "UPDATED")
	s.one(w, http.StatusOK, imagePath(i.ID), imageIDs(*i))
}

// deleteImage is deleteImage.
func (s *Simulator) deleteImage(w http.ResponseWriter, r *http.Request, index int) {
	i := s.State.Images[index]
	if i.Standard {
		fail(http.StatusForbidden, "Standard images cannot be deleted").answer(w)
		return
	}
	s.note(r, imageAudit, i.ID, 0, "DELETED")
	s.State.Images = slices.Delete(s.State.Images, index, index+1)
	w.WriteHeader(http.StatusNoContent)
}

// imageStats is retrieveCustomImagesStats. Used and free add up to the total.
func (s *Simulator) imageStats(w http.ResponseWriter, _ *http.Request) {
	count := 0
	for _, i := range s.State.Images {
		if !i.Standard {
			count++
		}
	}
	s.one(w, http.StatusOK, imagePath("stats"), record{
		"tenantId":           tenantID,
		"customerId":         customerID,
		"currentImagesCount": count,
		"totalSizeMb":        totalImageMB,
		"usedSizeMb":         s.usedMB(),
		"freeSizeMb":         totalImageMB - s.usedMB(),
	})
}

// usedMB is how many megabytes the custom images take up, those that are still downloading included. Failed ones
// take up nothing.
func (s *Simulator) usedMB() int64 {
	var used int64
	for _, i := range s.State.Images {
		if !i.Standard && (!i.Over || !i.broken()) {
			used += i.SizeMB
		}
	}
	return used
}

// readImage checks a body against CreateCustomImageRequest.
func readImage(r *http.Request) (image, *failure) {
	var body struct {
		Name        *string `json:"name"`
		Description *string `json:"description"`
		URL         *string `json:"url"`
		OSType      *string `json:"osType"`
		Version     *string `json:"version"`
	}
	if broken := decode(r, &body); broken != nil {
		return image{}, broken
	}
	var broken []string
	text := func(name string, value *string) string {
		if value == nil || *value == "" {
			broken = append(broken, name+" should not be empty")
			return ""
		}
		return *value
	}
	made := image{
		Name:        text("name", body.Name),
		Description: simkit.ValueOr(body.Description, ""),
		URL:         text("url", body.URL),
		OSType:      text("osType", body.OSType),
		Version:     text("version", body.Version),
		SizeMB:      defaultImageMB,
		Tags:        []tag{},
	}
	if made.OSType != "" && made.OSType != "Linux" && made.OSType != "Windows" {
		broken = append(broken, "osType must be one of the following values: Windows, Linux")
	}
	if broken != nil {
		return made, invalid(broken)
	}
	return made, made.readURL()
}

// readURL sets format and size from the URL.
func (i *image) readURL() *failure {
	u, err := url.Parse(i.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return fail(
			http.StatusUnsupportedMediaType,
			"Unsupported Media Type: the url must be a direct http or https link",
		)
	}
	i.Format = strings.TrimPrefix(strings.ToLower(path.Ext(u.Path)), ".")
	if i.Format != "iso" && i.Format != "qcow2" {
		return fail(http.StatusUnsupportedMediaType, "Unsupported Media Type: the url must end in .iso or .qcow2")
	}
	if text := u.Query().Get("size_mb"); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 {
			return invalid([]string{fmt.Sprintf("url has the size %q, which is not a number of megabytes", text)})
		}
		i.SizeMB = n
	}
	return nil
}

func imageIDs(i image) record {
	return record{"tenantId": tenantID, "customerId": customerID, "imageId": i.ID}
}
